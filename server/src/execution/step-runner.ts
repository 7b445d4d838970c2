import { Injectable, Logger } from '@nestjs/common';
import { ArtifactContents, type KeptContent } from '../artifacts/artifact-contents.js';
import { RunSignals } from '../live/run-signals.js';
import { LogWriters } from '../logs/log-writers.js';
import type { FailureRecord } from '../runs/domain/run-state.js';
import type { StepOutcomeFacts } from '../runs/domain/step-outcome.js';
import { DomainError } from '../problems/domain-error.js';
import { ExecutorRegistry } from './executor-registry.js';
import type { StepOutcome, StepReport } from './executors/executor.js';
import { EMPTY_REPORT, failed } from './executors/outcome.js';
import { reapStepProcesses } from './executors/step-processes.js';
import { Lease } from './lease.js';
import { LocalWorker } from './local-worker.js';
import type { Claim } from './claim.js';
import { StepClaims, type Delivery } from './step-claims.js';
import { StepContexts } from './step-contexts.js';
import { untilDelivered } from './until-delivered.js';
import { AppConfig } from '../config/app-config.js';

/** Runs claimed steps in this process: claim, workspace, executor, delivery. */
@Injectable()
export class StepRunner {
  private readonly logger = new Logger(StepRunner.name);

  constructor(
    private readonly claims: StepClaims,
    private readonly contexts: StepContexts,
    private readonly executors: ExecutorRegistry,
    private readonly contents: ArtifactContents,
    private readonly logs: LogWriters,
    private readonly signals: RunSignals,
    private readonly worker: LocalWorker,
    private readonly config: AppConfig,
  ) {}

  /** Runs a try, if it is to be had. `stop` hands it back. */
  async run(stepAttemptId: string, stop: AbortSignal): Promise<void> {
    const claim = await this.claims.claim(stepAttemptId, this.worker.id);
    if (claim !== null) await this.runClaim(claim, stop);
  }

  /** Runs a try that this process has claimed. `stop` hands it back. */
  async runClaim(claim: Claim, stop: AbortSignal): Promise<void> {
    const lease = new Lease(this.claims, this.signals, claim, this.config.limits, stop);
    try {
      const delivery = await this.deliveryOf(claim, lease);
      await untilDelivered(() => this.claims.deliver(claim, this.worker.id, delivery));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'lease_lost') throw error;
      this.logger.warn(
        `Step ${claim.definition.id} of run ${claim.runId}: the lease is lost, its result is dropped`,
      );
    } finally {
      lease.release();
      await this.contexts.close(claim);
    }
  }

  private async deliveryOf(claim: Claim, lease: Lease): Promise<Delivery> {
    if (claim.epoch > 1) await this.reapEarlier(claim);
    const outcome = await this.execute(claim, lease);
    if (outcome.kind === 'handed_back') return { facts: outcome, report: EMPTY_REPORT, artifacts: [] };
    const kept = await this.keep(outcome.report);
    if (outcome.kind === 'failed') {
      return { facts: failedFacts(claim, outcome), report: outcome.report, artifacts: kept };
    }
    if (outcome.kind === 'awaiting_callback') {
      const { expiresAt, report } = outcome;
      return { facts: { kind: 'awaiting_callback', expiresAt }, report, artifacts: kept };
    }
    const facts = await this.succeeded(claim, outcome.report).catch((error: unknown) =>
      failedFacts(claim, refused(error)),
    );
    return { facts, report: outcome.report, artifacts: kept };
  }

  /** What the step did; an expected refusal (a repository that is not there) is its failure, a bug is not. */
  private async execute(claim: Claim, lease: Lease): Promise<StepOutcome> {
    const prepared = await this.contexts.open(claim).catch(refused);
    if (prepared.kind === 'failed') return prepared;
    const log = await this.logs.open(claim, Object.values(prepared.context.secrets));
    try {
      return await this.executors
        .of(claim.definition)
        .execute({ ...prepared.context, log, signal: lease.checked() });
    } finally {
      await untilDelivered(() => log.end());
    }
  }

  private async succeeded(claim: Claim, report: StepReport): Promise<StepOutcomeFacts> {
    const saved = await this.contexts.save(claim);
    const warnings = [...report.warnings, ...saved.warnings];
    return { kind: 'succeeded', summary: report.summary, commit: saved.commit, warnings };
  }

  private async keep(report: StepReport): Promise<KeptContent[]> {
    const kept: KeptContent[] = [];
    for (const artifact of report.artifacts) kept.push(await this.contents.keepProduced(artifact));
    return kept;
  }

  /** What earlier holders of the step left running on this machine. */
  private async reapEarlier(claim: Claim): Promise<void> {
    for (const id of await this.contexts.earlierTries(claim)) await reapStepProcesses(id);
  }
}

function refused(error: unknown): StepOutcome & { readonly kind: 'failed' } {
  if (!(error instanceof DomainError)) throw error;
  const outcome = failed(error.code, error.message, EMPTY_REPORT);
  if (outcome.kind !== 'failed') throw error;
  return outcome;
}

const failedFacts = (claim: Claim, outcome: StepOutcome & { readonly kind: 'failed' }): StepOutcomeFacts => ({
  kind: outcome.failure.code === 'lost' ? 'lost' : 'failed',
  failure: failureRecord(claim, outcome.failure),
  retryable: outcome.failure.retryable,
  warnings: outcome.report.warnings,
});

const failureRecord = (
  claim: Claim,
  failure: {
    readonly code: string;
    readonly message: string;
    readonly exitCode: number | null;
    readonly signal: string | null;
  },
): FailureRecord => ({
  code: failure.code,
  message: failure.message,
  phase: claim.phase,
  step: claim.definition.id,
  exit_code: failure.exitCode,
  signal: failure.signal,
});
