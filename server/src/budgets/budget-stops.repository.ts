import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A step that a budget stopped, with its run. */
export interface StopRow {
  readonly runId: string;
  readonly project: string;
  readonly phase: string;
  readonly step: string;
  readonly budget: string;
  readonly message: string;
  readonly refusals: number;
  readonly waiting: boolean;
  readonly at: Date;
  readonly lastAt: Date;
}

/** Queries on what budgets stopped. */
@Injectable()
export class BudgetStopsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest first.
   * @param ownerId only those of this person's runs; null: all
   */
  newest(ownerId: string | null, limit: number): Promise<StopRow[]> {
    return this.dataSource.query<StopRow[]>(
      `SELECT s.run_id AS "runId", r.project_name AS project, s.phase, s.step, s.budget, s.message, s.times AS refusals,
         s.at, s.last_at AS "lastAt", coalesce(r.waiting_kind = 'budget', false) AS waiting
       FROM budget_stops s JOIN runs r ON r.id = s.run_id
       WHERE $1::uuid IS NULL OR r.owner_id = $1 ORDER BY s.last_at DESC, s.run_id, s.step LIMIT $2`,
      [ownerId, limit],
    );
  }
}
