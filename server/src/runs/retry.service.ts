import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import { declares } from '../artifacts/declared-artifact.js';
import type { Principal } from '../auth/domain/principal.js';
import { AppConfig } from '../config/app-config.js';
import { DomainError, notFound } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { activeAttempt, currentPhase, phaseDefinition, type Change } from './domain/change.js';
import { stepsToKeep } from './domain/keep-steps.js';
import type { StepState } from './domain/run-state.js';
import { startPhase } from './domain/start-phase.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';

/** Tries a failed phase again, whole or from one step on. */
@Injectable()
export class RetryService {
  constructor(
    private readonly changes: RunChanges,
    private readonly artifacts: ArtifactsRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * Starts a new attempt. Steps that are kept count in it with what they had delivered and measured.
   * @throws DomainError 404 unknown phase or step, 409 `phase_not_failed`
   */
  async retry(run: RunEntity, phase: string, fromStep: string | null, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      assertRetryable(change, phase, fromStep);
      const { steps } = phaseDefinition(change, phase);
      const keep = fromStep === null ? [] : stepsToKeep(steps, change.steps, fromStep);
      const before = activeAttempt(change);
      startPhase(change, { keep });
      if (fromStep !== null) await this.carryOver(tx, change, before, keep);
    });
  }

  private async carryOver(
    tx: EntityManager,
    change: Change,
    before: { readonly id: string; readonly number: number },
    keep: readonly StepState[],
  ): Promise<void> {
    const { id, phase, number } = activeAttempt(change);
    const { artifactsPerRun } = this.config.limits;
    const delivered = await tx.find(ArtifactEntity, {
      where: { runId: change.run.id, phase, attempt: before.number },
      order: { version: 'ASC' },
    });
    const kept = keptContents(change, delivered, keep);
    for (const step of new Set(kept.map((row) => row.step))) {
      const rows = kept.filter((row) => row.step === step);
      const agentId = rows[0]?.agentId ?? null;
      const place = { runId: change.run.id, phase, attempt: number, step, agentId };
      await this.artifacts.record(tx, place, rows, artifactsPerRun, change.now);
    }
    await tx.query(
      `INSERT INTO measurements (run_id, phase_attempt_id, name, value, source, sha256, step)
       SELECT run_id, $1, name, value, source, sha256, step FROM measurements
       WHERE phase_attempt_id = $2 AND step = ANY($3::text[])`,
      [id, before.id, keep.map((step) => step.key)],
    );
  }
}

/** The newest content of each path, of those that kept steps delivered or people for no step that is done again. */
function keptContents(
  change: Change,
  delivered: readonly ArtifactEntity[],
  keep: readonly StepState[],
): ArtifactEntity[] {
  const again = phaseDefinition(change, change.run.currentPhase).steps.filter(
    ({ id }) => !keep.some(({ key }) => key === id),
  );
  const isKept = ({ step, path }: ArtifactEntity): boolean =>
    step === null
      ? !again.some(({ artifacts }) => artifacts.some((declared) => declares(declared.path, path)))
      : keep.some(({ key }) => key === step);
  return [...new Map(delivered.filter(isKept).map((row) => [row.path, row])).values()];
}

function assertRetryable(change: Change, phase: string, fromStep: string | null): void {
  if (!change.phases.some((candidate) => candidate.phase === phase)) throw notFound('Phase', phase);
  if (fromStep !== null && !phaseDefinition(change, phase).steps.some((step) => step.id === fromStep)) {
    throw notFound('Step', `${phase}/${fromStep}`);
  }
  const current = currentPhase(change);
  if (current.phase !== phase || current.status !== 'failed' || change.run.status !== 'failed') {
    throw new DomainError(
      409,
      'phase_not_failed',
      `Phase ${phase} has not failed; there is nothing to try again.`,
    );
  }
}
