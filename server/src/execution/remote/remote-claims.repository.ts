import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RemoteKind } from './worker.dto.js';

export interface Claimable {
  readonly stepId: string;
  readonly runId: string;
}

export interface ClaimWish {
  readonly labels: readonly string[];
  readonly kinds: readonly RemoteKind[];
  /** Whose runs the caller sees; null: everybody's. */
  readonly visibleTo: string | null;
}

/** Names of labels and profiles whose places are taken. */
export type FullPlaces = Readonly<Record<'label' | 'profile', ReadonlySet<string>>>;

/** Finds steps that wait for somebody outside to claim them. */
@Injectable()
export class RemoteClaimsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The highest priority first, then the longest waiting; a few, because others may be quicker.
   * @param full limits that leave no place
   */
  candidates(wish: ClaimWish, full: FullPlaces): Promise<Claimable[]> {
    return this.dataSource.query<Claimable[]>(
      `SELECT s.id AS "stepId", s.run_id AS "runId" FROM steps s
       JOIN runs r ON r.id = s.run_id
       LEFT JOIN step_attempts t ON t.step_id = s.id AND t.number = s.tries
       WHERE s.status = 'waiting' AND s.executor = ANY($1::text[]) AND s.labels <@ $2::text[]
         AND r.status = 'running' AND ($3::uuid IS NULL OR r.owner_id = $3)
         AND (t.id IS NULL OR t.run_at <= now())
         AND NOT s.labels && $4::text[] AND NOT r.profile = ANY($5::text[])
       ORDER BY r.priority DESC, s.queued_at LIMIT 10`,
      [[...wish.kinds], [...wish.labels], wish.visibleTo, [...full.label], [...full.profile]],
    );
  }

  /** The run and owner of a try; null where there is no such try. */
  async ownerOf(stepAttemptId: string): Promise<{ readonly runId: string; readonly ownerId: string } | null> {
    const [row] = await this.dataSource.query<{ runId: string; ownerId: string }[]>(
      `SELECT t.run_id AS "runId", r.owner_id AS "ownerId" FROM step_attempts t JOIN runs r ON r.id = t.run_id WHERE t.id = $1`,
      [stepAttemptId],
    );
    return row ?? null;
  }
}
