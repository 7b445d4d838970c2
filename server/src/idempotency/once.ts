import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';
import { inProgress, type Claim } from './domain/idempotency-key.js';

const current = new AsyncLocalStorage<Execution>();

/** The execution of a request that has a key, until it is answered; work that it started may go on after that. */
export class Execution {
  private answered = false;

  constructor(private readonly claim: Claim) {}

  static claim(): Claim | null {
    const execution = current.getStore();
    return execution === undefined || execution.answered ? null : execution.claim;
  }

  /** Does `work` as this execution: `once` knows it in all that `work` calls. */
  run<T>(work: () => T): T {
    return current.run(this, work);
  }

  end(): void {
    this.answered = true;
  }
}

/**
 * Does `work` once for the key of the request, however often the request is repeated: what it returns is kept in its
 * own transaction, and a repetition is given that where the first answer was lost. Without a key it is just done.
 * @param effect names it among what the request does, such as the id of the run that it changes
 * @param work returns what JSON can hold
 * @throws DomainError 409 `idempotency_in_progress` where another execution has taken the key over
 */
export async function once<T>(tx: EntityManager, effect: string, work: () => Promise<T>): Promise<T> {
  const claim = Execution.claim();
  if (claim === null) return work();
  const key = [claim.userId, claim.key, claim.execution];
  // Locked until the end of the transaction: whoever takes the key over sees the effect, or makes this one fail.
  const [held] = await tx.query<{ done: boolean; outcome: T }[]>(
    `SELECT effects ? $4 AS done, effects -> $4 AS outcome FROM idempotency_keys
     WHERE user_id = $1 AND key = $2 AND execution = $3 FOR UPDATE`,
    [...key, effect],
  );
  if (held === undefined) throw inProgress();
  if (held.done) return held.outcome;
  const outcome = await work();
  await tx.query(
    `UPDATE idempotency_keys SET effects = effects || jsonb_build_object($4::text, $5::jsonb)
     WHERE user_id = $1 AND key = $2 AND execution = $3`,
    [...key, effect, JSON.stringify(outcome ?? null)],
  );
  return outcome;
}
