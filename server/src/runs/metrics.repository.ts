import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import { StepEntity } from './step.entity.js';

/** Usage of one model in one phase, all attempts. */
export interface PhaseUsageRow {
  readonly phase: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly unpriced: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Decimal; null where no call has a price. */
  readonly cost: string | null;
}

export interface RunRecords {
  readonly phases: readonly RunPhaseEntity[];
  readonly attempts: readonly PhaseAttemptEntity[];
  readonly steps: readonly StepEntity[];
  readonly usage: readonly PhaseUsageRow[];
  /** Tries that failed or were lost. */
  readonly errors: number;
}

const USAGE = `
  SELECT phase, provider, model, count(*)::int AS calls, (count(*) FILTER (WHERE cost_usd IS NULL))::int AS unpriced,
    sum(input_tokens)::float8 AS input, sum(output_tokens)::float8 AS output,
    sum(cache_read_tokens)::float8 AS "cacheRead", sum(cache_write_tokens)::float8 AS "cacheWrite", sum(cost_usd)::text AS cost
  FROM usage_ledger WHERE run_id = $1 GROUP BY phase, provider, model ORDER BY phase, provider, model`;

/** Reads what a run's metrics are summed from. */
@Injectable()
export class MetricsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async read(runId: string): Promise<RunRecords> {
    const { manager } = this.dataSource;
    const [phases, attempts, steps, usage, failed] = await Promise.all([
      manager.find(RunPhaseEntity, { where: { runId }, order: { position: 'ASC' } }),
      manager.find(PhaseAttemptEntity, { where: { runId }, order: { number: 'ASC' } }),
      manager.find(StepEntity, { where: { runId }, order: { position: 'ASC' } }),
      manager.query<PhaseUsageRow[]>(USAGE, [runId]),
      manager.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM step_attempts WHERE run_id = $1 AND status IN ('failed', 'lost')`,
        [runId],
      ),
    ]);
    return { phases, attempts, steps, usage, errors: failed[0]?.n ?? 0 };
  }
}
