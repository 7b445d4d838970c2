import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 45_000;
const PAUSE_MS = 25;
/** A look takes the CPU from what is looked at: at most a quarter of the time is spent looking. */
const PAUSES_PER_LOOK = 3;

/**
 * Looks again and again until what it sees fits, and gives that.
 * @throws with what it saw last where it never fits
 */
export async function eventually<T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const began = Date.now();
    const seen = await look();
    if (fits(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Waited in vain; last seen: ${JSON.stringify(seen)}`);
    await delay(Math.max(PAUSE_MS, PAUSES_PER_LOOK * (Date.now() - began)));
  }
}
