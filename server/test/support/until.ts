import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 45_000;
const LOOK_MS = 25;

/**
 * Looks again and again until what it sees fits, and gives that.
 * @throws with what it saw last where it never fits
 */
export async function eventually<T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Waited in vain; last seen: ${JSON.stringify(seen)}`);
    await delay(LOOK_MS);
  }
}
