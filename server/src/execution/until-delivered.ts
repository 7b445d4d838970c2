import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../problems/domain-error.js';

const TRIES = 30;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/**
 * Delivers a result, again and again while the database is away (a restart takes seconds): the claim's epoch makes
 * that safe. Gives up after some two minutes; the lease is long lost then.
 * @throws DomainError at once, everything else after the last try
 */
export async function untilDelivered(deliver: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await deliver();
      return;
    } catch (error) {
      if (error instanceof DomainError || attempt === TRIES) throw error;
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
    }
  }
}
