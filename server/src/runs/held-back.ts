import type { EntityManager } from 'typeorm';
import type { Change } from './domain/change.js';
import type { Full } from './domain/places.js';

/** Until the transaction ends nobody else counts these places. */
export async function lockPlaces(tx: EntityManager, kind: Full['kind'], name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${kind}:${name}`]);
}

/**
 * Steps of the change's profile that found no place and may have one of those that it frees, as tries with their
 * run's priority: the highest first, then the longest waiting.
 * @param freed steps that do not run any more with this change
 */
export async function heldBackTries(
  tx: EntityManager,
  { definition }: Change,
  freed: number,
): Promise<readonly HeldBack[]> {
  if (freed === 0 || definition.concurrency === null) return [];
  // Whoever counts the places at this moment has noted that it found none before we look for it.
  await lockPlaces(tx, 'profile', definition.name);
  return tx.query<HeldBack[]>(
    `SELECT t.id, r.priority FROM steps s JOIN runs r ON r.id = s.run_id
     JOIN step_attempts t ON t.step_id = s.id AND t.number = s.tries
     WHERE s.status = 'queued' AND s.held_by IS NOT NULL AND r.status = 'running' AND r.profile = $1
     ORDER BY r.priority DESC, s.queued_at LIMIT $2`,
    [definition.name, freed],
  );
}

interface HeldBack {
  readonly id: string;
  readonly priority: number;
}
