import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import type { GateVerdict } from '../governance/domain/evidence.js';
import { GateResultsRepository } from '../governance/gate-results.repository.js';
import { currentPhase, emit, stepDefinition, SYSTEM, type Change } from '../runs/domain/change.js';
import { failPhase, failure, finishPhase, judge } from '../runs/domain/finish-phase.js';
import type { PhaseAttemptState } from '../runs/domain/run-state.js';
import { isDone } from '../runs/domain/step-status.js';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunChanges } from '../runs/run-changes.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { maskerOf, type Masker } from './domain/mask.js';
import { maskedInspection, maskedVerdict } from './masked-findings.js';
import { PhaseEvidenceReader } from './phase-evidence-reader.js';
import { PhaseInspector } from './phase-inspector.js';
import { untilDelivered } from './until-delivered.js';
import { RunWorkspaces } from './workspace/run-workspace.js';

/** A phase attempt whose work is done, claimed for its evaluation. */
interface Evaluation {
  readonly runId: string;
  readonly phase: string;
  readonly attempt: PhaseAttemptState;
  readonly profileVersion: number;
  readonly epoch: number;
  /** Last commits of the attempt's steps; none where no step had a workspace. */
  readonly commits: readonly string[];
  readonly change: Change;
}

/** Evaluates a phase at its end: checkpoint, hygiene, gates; then the decision in one transaction. */
@Injectable()
export class PhaseFinisher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: RunChanges,
    private readonly gates: GateResultsRepository,
    private readonly evidence: PhaseEvidenceReader,
    private readonly inspector: PhaseInspector,
    private readonly workspaces: RunWorkspaces,
    private readonly secrets: SecretsService,
    private readonly config: AppConfig,
  ) {}

  /** Evaluates an attempt, if it is to be had. Doing it twice records it once. */
  async finish(phaseAttemptId: string): Promise<void> {
    const attempt = await this.dataSource.manager.findOneBy(PhaseAttemptEntity, { id: phaseAttemptId });
    if (attempt === null) return;
    const evaluation = await this.claim(attempt.runId, phaseAttemptId);
    if (evaluation === null) return;
    const renewal = setInterval(() => void this.renew(evaluation), this.config.limits.heartbeatMs);
    try {
      await this.evaluate(evaluation);
    } finally {
      clearInterval(renewal);
    }
  }

  private claim(runId: string, phaseAttemptId: string): Promise<Evaluation | null> {
    return this.changes.change(runId, SYSTEM, (change) => {
      const { attempt, run } = change;
      if (attempt?.id !== phaseAttemptId || run.status !== 'running') return null;
      const over = attempt.status === 'in_progress' && change.steps.every((step) => isDone(step.status));
      if (!over || (attempt.leaseExpiresAt !== null && attempt.leaseExpiresAt > change.now)) return null;
      attempt.epoch += 1;
      attempt.leaseExpiresAt = new Date(change.now.getTime() + this.config.limits.leaseMs);
      return {
        runId,
        phase: attempt.phase,
        attempt: { ...attempt },
        profileVersion: run.profileVersion,
        epoch: attempt.epoch,
        commits: leafCommits(change),
        change,
      };
    });
  }

  private async renew({ attempt, epoch }: Evaluation): Promise<void> {
    const renewed = this.dataSource.query(
      `UPDATE phase_attempts SET lease_expires_at = now() + $3 * interval '1 millisecond'
       WHERE id = $1 AND epoch = $2 AND status = 'in_progress'`,
      [attempt.id, epoch, this.config.limits.leaseMs],
    );
    // The database is away: the lease runs on, and its epoch decides whose evaluation counts.
    await renewed.catch(() => undefined);
  }

  private async evaluate(evaluation: Evaluation): Promise<void> {
    const saved = await this.checkpoint(evaluation);
    if (saved.kind === 'failed') {
      const reason = failure(saved.failure.code, saved.failure.message, evaluation.phase);
      await untilDelivered(() => this.settle(evaluation, (change) => failPhase(change, reason)));
      return;
    }
    const mask = maskerOf(await this.secrets.givenTo(evaluation.runId));
    const found = await this.inspector.inspect(evaluation.runId, saved.commit);
    const inspection = found === null ? null : maskedInspection(found, mask);
    const verdicts = await this.judge(evaluation, saved.commit, mask);
    await untilDelivered(() =>
      this.settle(evaluation, async (change, tx) => {
        await tx.update(PhaseAttemptEntity, { id: evaluation.attempt.id }, { hygiene: inspection });
        await this.record(tx, change, evaluation, verdicts);
        const outcome = judge(verdicts, evaluation.attempt.waiver);
        if (outcome.kind === 'waived') {
          await this.gates.waiveBlocked(tx, evaluation.attempt.id, outcome.by, change.now);
        }
        finishPhase(change, outcome, saved.commit);
      }),
    );
  }

  private async judge(
    { runId, phase, attempt, change }: Evaluation,
    commit: string | null,
    mask: Masker,
  ): Promise<GateVerdict[]> {
    const gates = change.definition.phases.find(({ name }) => name === phase)?.gates ?? [];
    const verdicts = await this.evidence.judge(runId, attempt, gates, commit);
    return verdicts.map((verdict) => maskedVerdict(verdict, mask));
  }

  private async checkpoint(evaluation: Evaluation) {
    const { runId, phase, attempt, commits } = evaluation;
    if (commits.length > 0) return this.workspaces.checkpoint(runId, phase, attempt.number, commits);
    return { kind: 'saved' as const, commit: evaluation.attempt.baseCommit };
  }

  private async record(
    tx: EntityManager,
    change: Change,
    { runId, phase, attempt, profileVersion }: Evaluation,
    verdicts: readonly GateVerdict[],
  ): Promise<void> {
    const place = { runId, phaseAttemptId: attempt.id, phase, profileVersion, evaluatedAt: change.now };
    await this.gates.replace(tx, place, verdicts);
    for (const { gateId, status, threshold, actual, message } of verdicts) {
      emit(change, 'gate.evaluated', 'phase', { gate_id: gateId, status, threshold, actual, message });
    }
  }

  /** Applies the decision, unless somebody else evaluates the attempt by now or it has ended. */
  private async settle(
    evaluation: Evaluation,
    decide: (change: Change, tx: EntityManager) => Promise<void> | void,
  ): Promise<void> {
    await this.changes.change(evaluation.runId, SYSTEM, async (change, tx) => {
      const { attempt } = change;
      const held = attempt?.id === evaluation.attempt.id && attempt.epoch === evaluation.epoch;
      if (held && currentPhase(change).status === 'in_progress') await decide(change, tx);
    });
  }
}

/** Commits of the steps that no other step of the attempt builds on. */
function leafCommits(change: Change): string[] {
  const needed = new Set(
    change.steps.flatMap((step) => (step.commit === null ? [] : stepDefinition(change, step).needs)),
  );
  const leaves = change.steps.filter((step) => step.commit !== null && !needed.has(step.key));
  return [...new Set(leaves.map((step) => step.commit ?? ''))];
}
