import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import type { ArtifactEntity } from '../artifacts/artifact.entity.js';
import type { KeptContent } from '../artifacts/artifact-contents.js';
import { AppConfig } from '../config/app-config.js';
import { PG_POOL } from '../persistence/pg-pool.js';
import { SYSTEM, tryOf, type Actor, type Change } from '../runs/domain/change.js';
import { assertDelivered } from '../runs/deliverables.js';
import { heldByBudget } from '../runs/domain/budget.js';
import { claimStep, finishStep, holdBack } from '../runs/domain/finish-step.js';
import { fullSentence } from '../runs/domain/places.js';
import { isRunHere } from '../runs/domain/schedule-steps.js';
import type { StepState, TryState } from '../runs/domain/run-state.js';
import type { StepOutcomeFacts } from '../runs/domain/step-outcome.js';
import { RunChanges } from '../runs/run-changes.js';
import type { ReportedUsage } from './executors/executor.js';
import { callbackNotAwaited } from './callback/callback-token.js';
import { Places } from './places.js';
import { StepRecords, type Records } from './step-records.js';
import { claimOf, heldBy, type Claim, type ClaimRef, type WaitingClaim } from './claim.js';

/** What a try leaves: its outcome for the state machine, and what it made and measured. */
export interface Delivery extends Records {
  readonly facts: StepOutcomeFacts;
}

/** Claims steps for workers, keeps their leases, and takes their results; local and remote workers alike. */
@Injectable()
export class StepClaims {
  constructor(
    private readonly changes: RunChanges,
    private readonly records: StepRecords,
    private readonly places: Places,
    private readonly config: AppConfig,
    @Inject(PG_POOL) private readonly pool: Pool,
  ) {}

  /** Claims a due try; null where it is not to be had: claimed, cancelled, paused, not due. */
  async claim(stepAttemptId: string, workerId: string): Promise<Claim | null> {
    const runId = await this.runOf(stepAttemptId);
    if (runId === null) return null;
    return this.changes.change(runId, workerActor(workerId), async (change, tx) => {
      const held = change.tries.find((candidate) => candidate.id === stepAttemptId);
      const step = change.steps.find((candidate) => candidate.id === held?.stepId);
      if (held === undefined || step === undefined || !isDue(change, step, held)) return null;
      const full = await this.places.findFull(tx, change, step);
      const obstacle = full === null ? heldByBudget(change, step) : fullSentence(step.key, full);
      if (obstacle !== null) {
        holdBack(change, step, obstacle);
        return null;
      }
      return this.begin(tx, change, step, workerId);
    });
  }

  /** Claims a step that waits for somebody outside, if it is still there and there is a place for it. */
  async claimWaiting(runId: string, stepId: string, workerId: string): Promise<WaitingClaim> {
    return this.changes.change<WaitingClaim>(runId, workerActor(workerId), async (change, tx) => {
      const step = change.steps.find((candidate) => candidate.id === stepId);
      if (change.run.status !== 'running' || step?.status !== 'waiting' || step.executor === 'approval')
        return { kind: 'gone' };
      const held = tryOf(change, step);
      if (held !== undefined && (held.status !== 'queued' || held.runAt > change.now))
        return { kind: 'gone' };
      const spent = heldByBudget(change, step);
      if (spent !== null) {
        holdBack(change, step, spent);
        return { kind: 'gone' };
      }
      const full = await this.places.findFull(tx, change, step);
      if (full !== null) {
        holdBack(change, step, fullSentence(step.key, full));
        return { kind: 'full', by: full };
      }
      return { kind: 'claimed', claim: await this.begin(tx, change, step, workerId) };
    });
  }

  /** Begins a try on nothing that an earlier one left. */
  private async begin(tx: EntityManager, change: Change, step: StepState, workerId: string): Promise<Claim> {
    if (step.epoch > 0) await this.records.supersede(tx, change, step);
    return claimOf(change, step, claimStep(change, step, { workerId, leaseMs: this.config.limits.leaseMs }));
  }

  /** The claim that a reference stands for, while it holds. @throws DomainError 409 `lease_lost` */
  async held(ref: ClaimRef, workerId: string): Promise<Claim> {
    return this.changes.change(ref.runId, workerActor(workerId), (change) => {
      const { step, held } = heldBy(change, ref);
      return claimOf(change, step, held);
    });
  }

  /** Records an artifact of a try that still runs. @throws DomainError 409 `lease_lost` */
  async addArtifact(ref: ClaimRef, workerId: string, content: KeptContent): Promise<ArtifactEntity> {
    return this.changes.change(ref.runId, workerActor(workerId), async (change, tx) => {
      const { step } = heldBy(change, ref);
      const [recorded] = await this.records.artifacts(tx, change, step, [content]);
      if (recorded === undefined) throw new Error('One content is recorded as one artifact');
      return recorded;
    });
  }

  /** Books model calls of a try that still runs, as they are made. @throws DomainError 409 `lease_lost` */
  async addUsage(ref: ClaimRef, workerId: string, calls: readonly ReportedUsage[]): Promise<void> {
    await this.changes.change(ref.runId, workerActor(workerId), (change, tx) =>
      this.records.usageOf(tx, change, heldBy(change, ref).step, calls),
    );
  }

  /** Prolongs the lease. False: it is not the holder's any more. */
  async heartbeat(claim: Pick<Claim, 'stepAttemptId' | 'epoch'>): Promise<boolean> {
    const result = await this.pool.query({
      name: 'heartbeat',
      text: `UPDATE step_attempts SET lease_expires_at = now() + $3 * interval '1 millisecond'
             WHERE id = $1 AND epoch = $2 AND status = 'running'`,
      values: [claim.stepAttemptId, claim.epoch, this.config.limits.leaseMs],
    });
    return result.rowCount === 1;
  }

  /**
   * Records what a try came to, once, and moves the phase on in the same transaction.
   * @throws DomainError 409 `lease_lost` where the claim is not the step's any more; nothing is changed then
   */
  async deliver(ref: ClaimRef, workerId: string, delivery: Delivery): Promise<void> {
    await this.changes.change(ref.runId, workerActor(workerId), async (change, tx) => {
      const { step, held } = heldBy(change, ref);
      await this.records.record(tx, change, step, delivery);
      if (delivery.facts.kind === 'succeeded' && !isRunHere(step.executor))
        await assertDelivered(tx, change, step);
      if (held.status !== 'cancelled') finishStep(change, step, held, delivery.facts);
      // A cancelled step keeps what it had produced, once; nothing moves any more.
      else held.epoch += 1;
    });
  }

  /**
   * Ends a step as the service told that it had called: a step that awaits it, or one whose call is still answered.
   * @throws DomainError 409 `callback_not_awaited` where nothing awaits it any more; nothing is changed then
   */
  async deliverCallback(ref: ClaimRef, by: Actor, delivery: Delivery): Promise<void> {
    await this.changes.change(ref.runId, by, async (change, tx) => {
      const held = change.tries.find((candidate) => candidate.id === ref.stepAttemptId);
      const step = change.steps.find((candidate) => candidate.id === held?.stepId);
      const awaited = step?.executor === 'http' && (step.status === 'waiting' || step.status === 'running');
      if (held?.epoch !== ref.epoch || !awaited) throw callbackNotAwaited();
      await this.records.record(tx, change, step, delivery);
      finishStep(change, step, held, delivery.facts);
    });
  }

  /** Whether the claim still holds. */
  async holds(claim: Pick<Claim, 'stepAttemptId' | 'epoch'>): Promise<boolean> {
    const result = await this.pool.query({
      name: 'holds_claim',
      text: `SELECT 1 FROM step_attempts WHERE id = $1 AND epoch = $2 AND status = 'running'`,
      values: [claim.stepAttemptId, claim.epoch],
    });
    return result.rowCount === 1;
  }

  private async runOf(stepAttemptId: string): Promise<string | null> {
    const result = await this.pool.query<{ run_id: string }>({
      name: 'run_of_try',
      text: 'SELECT run_id FROM step_attempts WHERE id = $1',
      values: [stepAttemptId],
    });
    return result.rows[0]?.run_id ?? null;
  }
}

const workerActor = (workerId: string): Actor => ({
  ...SYSTEM,
  kind: 'worker',
  id: workerId,
  name: workerId,
});

const isDue = (change: Change, step: StepState, held: TryState): boolean =>
  change.run.status === 'running' &&
  step.status === 'queued' &&
  held.status === 'queued' &&
  held.runAt.getTime() <= change.now.getTime() + CLOCK_TOLERANCE_MS;

/** The queue's clock is PostgreSQL's; ours may lag a little behind it. */
const CLOCK_TOLERANCE_MS = 1000;
