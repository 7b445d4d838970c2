import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError, notFound } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { currentPhase, phaseDefinition, type Change } from './domain/change.js';
import { cancelRun, changeBudget, pauseRun, resumeRun, rollBack, skipPhase } from './domain/control.js';
import { isFinished, type RunStatus } from './domain/run-status.js';
import type { BudgetLimits } from '../workflow/domain/profile.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';

/** Pauses, resumes, cancels, skips and rolls back. */
@Injectable()
export class ControlService {
  constructor(private readonly changes: RunChanges) {}

  /** @throws DomainError 409 where the run does not run */
  pause(run: RunEntity, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), (change) => {
      assertStatus(change, ['running'], 'pause');
      pauseRun(change);
    });
  }

  /** @throws DomainError 409 where the run is not paused */
  resume(run: RunEntity, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), (change) => {
      assertStatus(change, ['paused'], 'resume');
      resumeRun(change);
    });
  }

  /** @throws DomainError 409 where the run has ended */
  setBudget(run: RunEntity, limits: BudgetLimits, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), (change) => {
      assertStatus(change, ['running', 'paused', 'failed'], 'change the budget of');
      changeBudget(change, limits);
    });
  }

  /** @throws DomainError 409 where the run has ended */
  cancel(run: RunEntity, reason: string | null, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), (change) => {
      assertStatus(change, ['running', 'paused', 'failed'], 'cancel');
      cancelRun(change, reason);
    });
  }

  /** @throws DomainError 404 unknown phase, 409 where it is not the current, optional and not started one */
  skip(run: RunEntity, phase: string, reason: string | null, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), (change) => {
      assertPhase(change, phase);
      assertStatus(change, ['running'], 'skip a phase of');
      const current = currentPhase(change);
      if (current.phase !== phase || current.status !== 'pending') {
        throw new DomainError(409, 'phase_not_pending', `Phase ${phase} is not the one to execute next.`);
      }
      if (!phaseDefinition(change, phase).optional) {
        throw new DomainError(
          409,
          'phase_not_optional',
          `Phase ${phase} is not optional; it cannot be skipped.`,
        );
      }
      skipPhase(change, reason);
    });
  }

  /** @throws DomainError 404 unknown phase, 409 where it is not completed or the run was cancelled */
  rollback(run: RunEntity, phase: string, by: Principal): Promise<void> {
    return this.changes.change(run.id, userActor(by), async (change, tx) => {
      assertPhase(change, phase);
      assertStatus(change, ['running', 'paused', 'failed', 'completed'], 'roll back');
      if (change.phases.find((candidate) => candidate.phase === phase)?.status !== 'completed') {
        throw new DomainError(
          409,
          'phase_not_completed',
          `Phase ${phase} is not completed; nothing to return to.`,
        );
      }
      const undone = rollBack(change, phase);
      await supersede(tx, run.id, undone, change.now);
      change.run.waivedGates = await waivedGates(tx, run.id);
    });
  }
}

/** Gates that were waived in what still counts. */
async function waivedGates(tx: EntityManager, runId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM gate_results g JOIN phase_attempts a ON a.id = g.phase_attempt_id
     WHERE g.run_id = $1 AND g.status = 'waived' AND a.superseded_at IS NULL`,
    [runId],
  );
  return row?.n ?? 0;
}

/** Marks what came after as superseded; it stays readable. */
async function supersede(
  tx: EntityManager,
  runId: string,
  phases: readonly string[],
  at: Date,
): Promise<void> {
  if (phases.length === 0) return;
  for (const phase of phases) {
    await tx.update(PhaseAttemptEntity, { runId, phase, supersededAt: IsNull() }, { supersededAt: at });
    await tx.update(ArtifactEntity, { runId, phase }, { superseded: true });
  }
  await tx.query('UPDATE run_phases SET artifacts_count = 0 WHERE run_id = $1 AND phase = ANY($2::text[])', [
    runId,
    [...phases],
  ]);
  await tx.query(
    `UPDATE runs SET artifacts_count = (SELECT coalesce(sum(artifacts_count), 0) FROM run_phases WHERE run_id = $1)
     WHERE id = $1`,
    [runId],
  );
}

function assertPhase(change: Change, phase: string): void {
  if (!change.phases.some((candidate) => candidate.phase === phase)) throw notFound('Phase', phase);
}

function assertStatus(change: Change, allowed: readonly RunStatus[], doing: string): void {
  const { status } = change.run;
  if (allowed.includes(status)) return;
  const code = status === 'paused' ? 'run_paused' : isFinished(status) ? 'run_finished' : 'run_not_paused';
  throw new DomainError(409, code, `Cannot ${doing} a run that is ${status}.`);
}
