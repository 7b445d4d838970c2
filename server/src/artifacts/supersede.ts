import { LessThan, type EntityManager } from 'typeorm';
import { ArtifactEntity } from './artifact.entity.js';

interface PhaseOfRun {
  readonly runId: string;
  readonly phase: string;
}

/** What earlier attempts of a phase left does not count in a new one; it stays readable. */
export async function supersedeEarlier(
  tx: EntityManager,
  { runId, phase, number }: PhaseOfRun & { readonly number: number },
): Promise<void> {
  if (number === 1) return;
  const earlier = { runId, phase, attempt: LessThan(number), superseded: false };
  const { affected } = await tx.update(ArtifactEntity, earlier, { superseded: true });
  if (affected) await countArtifacts(tx, { runId, phase });
}

/** What an earlier try of a step left in an attempt does not count in the next; it stays readable. */
export async function supersedeTry(
  tx: EntityManager,
  { runId, phase, attempt, step }: PhaseOfRun & { readonly attempt: number; readonly step: string },
): Promise<void> {
  const left = { runId, phase, attempt, step, superseded: false };
  const { affected } = await tx.update(ArtifactEntity, left, { superseded: true });
  if (affected) await countArtifacts(tx, { runId, phase });
}

/** Counted anew from the rows of this one run: right whatever changed them before. */
export const countArtifacts = (tx: EntityManager, place: PhaseOfRun): Promise<unknown> =>
  tx.query(
    `WITH phase AS (
       UPDATE run_phases SET artifacts_count =
         (SELECT count(*) FROM artifacts a WHERE a.run_id = $1 AND a.phase = $2 AND NOT a.superseded)
       WHERE run_id = $1 AND phase = $2)
     UPDATE runs SET artifacts_count = (SELECT count(*) FROM artifacts a WHERE a.run_id = $1 AND NOT a.superseded)
     WHERE id = $1`,
    [place.runId, place.phase],
  );
