import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UsageRepository } from '../agents/usage.repository.js';
import type { KeptContent } from '../artifacts/artifact-contents.js';
import { artifactEvent } from '../artifacts/artifact-event.js';
import type { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import { supersedeTry } from '../artifacts/supersede.js';
import { AppConfig } from '../config/app-config.js';
import { MeasurementsRepository } from '../governance/measurements.repository.js';
import { activeAttempt, type Change } from '../runs/domain/change.js';
import type { StepState } from '../runs/domain/run-state.js';
import { voidWhatJudged } from '../runs/judged-content.js';
import type { ReportedUsage, StepReport } from './executors/executor.js';

/** What a try of a step made and measured. */
export interface Records {
  readonly report: StepReport;
  readonly artifacts: readonly KeptContent[];
}

/** Records what steps made, measured and used, in the transaction that ends them. */
@Injectable()
export class StepRecords {
  constructor(
    private readonly repository: ArtifactsRepository,
    private readonly measurements: MeasurementsRepository,
    private readonly usage: UsageRepository,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError 413 `too_many_artifacts` */
  async record(tx: EntityManager, change: Change, step: StepState, records: Records): Promise<void> {
    const { report, artifacts } = records;
    const attempt = activeAttempt(change);
    await this.artifacts(tx, change, step, artifacts);
    await this.measurements.record(
      tx,
      { runId: change.run.id, phaseAttemptId: attempt.id },
      report.measurements,
    );
    await this.usageOf(tx, change, step, report.usage);
  }

  /** What earlier tries of the step left in the attempt counts no more; it stays readable. */
  supersede(tx: EntityManager, change: Change, step: StepState): Promise<void> {
    const place = { runId: change.run.id, phase: step.phase, step: step.key };
    return supersedeTry(tx, { ...place, attempt: activeAttempt(change).number });
  }

  /** Books model calls of the step in the ledger. */
  async usageOf(
    tx: EntityManager,
    change: Change,
    step: StepState,
    calls: readonly ReportedUsage[],
  ): Promise<void> {
    const place = { runId: change.run.id, phase: step.phase, step: step.key, agentId: step.agentId };
    const phaseAttemptId = activeAttempt(change).id;
    await this.usage.record(tx, change, { ...place, phaseAttemptId, at: change.now }, calls);
  }

  /** Records artifacts of the step's current attempt. @throws DomainError 413 `too_many_artifacts` */
  async artifacts(
    tx: EntityManager,
    change: Change,
    step: StepState,
    contents: readonly KeptContent[],
  ): Promise<ArtifactEntity[]> {
    const place = { runId: change.run.id, phase: step.phase, step: step.key, agentId: step.agentId };
    const attempt = activeAttempt(change).number;
    const limit = this.config.limits.artifactsPerRun;
    const recorded = await this.repository.record(tx, { ...place, attempt }, contents, limit, change.now);
    const added = recorded.filter(({ kind }) => kind === 'new');
    for (const { artifact } of added) change.events.push(artifactEvent(artifact));
    if (added.length > 0) await voidWhatJudged(tx, change);
    return recorded.map(({ artifact }) => artifact);
  }
}
