import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import type { Change } from '../runs/domain/change.js';
import type { Full } from '../runs/domain/places.js';
import { lockPlaces } from '../runs/held-back.js';
import type { StepState } from '../runs/domain/run-state.js';

/** Counts only what runs: an index holds just these tries. */
const RUNNING = `SELECT count(*)::int AS taken FROM step_attempts t
  JOIN steps s ON s.id = t.step_id JOIN runs r ON r.id = t.run_id WHERE t.status = 'running'`;

/** Keeps to the limits on steps that execute at once: `concurrency` of a profile, `LABEL_LIMITS` of labels. */
@Injectable()
export class Places {
  constructor(private readonly config: AppConfig) {}

  /**
   * Reserves the step's places until the transaction ends, so that whoever claims at the same moment counts it.
   * @returns the limit that leaves no place; null where there is one
   */
  async findFull(tx: EntityManager, change: Change, step: StepState): Promise<Full | null> {
    for (const limit of this.limitsOf(change, step)) {
      await lockPlaces(tx, limit.kind, limit.name);
      const where = limit.kind === 'profile' ? 'r.profile = $1' : '$1 = ANY(s.labels)';
      const [row] = await tx.query<{ taken: number }[]>(`${RUNNING} AND ${where}`, [limit.name]);
      const ahead = limit.kind === 'profile' ? await this.ahead(tx, change) : 0;
      if ((row?.taken ?? 0) + ahead >= limit.limit) return limit;
    }
    return null;
  }

  /** Steps of runs with a higher priority that found no place of the profile: what is free is theirs. */
  private async ahead(tx: EntityManager, { run, definition }: Change): Promise<number> {
    const [row] = await tx.query<{ ahead: number }[]>(
      `SELECT count(*)::int AS ahead FROM steps s JOIN runs r ON r.id = s.run_id
       WHERE s.status = 'queued' AND s.held_by IS NOT NULL AND r.status = 'running' AND r.profile = $1
         AND r.priority > $2`,
      [definition.name, run.priority],
    );
    return row?.ahead ?? 0;
  }

  /** In one order for all, so that no two claims wait for each other. */
  private limitsOf({ definition }: Change, step: StepState): Full[] {
    const labels = [...step.labels].sort().flatMap((name): Full[] => {
      const limit = this.config.labelLimits.get(name);
      return limit === undefined ? [] : [{ kind: 'label', name, limit }];
    });
    const { concurrency: limit, name } = definition;
    return limit === null ? labels : [...labels, { kind: 'profile', name, limit }];
  }
}
