import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import { StepEntity } from './step.entity.js';

/** What model calls of one phase used, all attempts. */
export interface UsageSums {
  readonly phase: string;
  readonly calls: number;
  readonly unpriced: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Decimal; null where no call has a price. */
  readonly cost: string | null;
}

export interface ModelUsageRow extends UsageSums {
  readonly provider: string;
  readonly model: string;
}

export interface AgentUsageRow extends UsageSums {
  readonly agent: string;
}

export interface RunRecords {
  readonly phases: readonly RunPhaseEntity[];
  readonly attempts: readonly PhaseAttemptEntity[];
  readonly steps: readonly StepEntity[];
  readonly usage: readonly ModelUsageRow[];
  readonly usageByAgent: readonly AgentUsageRow[];
  /** Tries that failed or were lost. */
  readonly errors: number;
}

const SUMS = `count(*)::int AS calls, (count(*) FILTER (WHERE cost_usd IS NULL))::int AS unpriced,
    sum(input_tokens)::float8 AS input, sum(output_tokens)::float8 AS output,
    sum(cache_read_tokens)::float8 AS "cacheRead", sum(cache_write_tokens)::float8 AS "cacheWrite", sum(cost_usd)::text AS cost`;
const BY_MODEL = `
  SELECT phase, provider, model, ${SUMS}
  FROM usage_ledger WHERE run_id = $1 GROUP BY phase, provider, model ORDER BY phase, provider, model`;
const BY_AGENT = `
  SELECT phase, agent_id AS agent, ${SUMS}
  FROM usage_ledger WHERE run_id = $1 GROUP BY phase, agent_id ORDER BY phase, agent_id`;

/** Reads what a run's metrics are summed from. */
@Injectable()
export class MetricsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async read(runId: string): Promise<RunRecords> {
    const { manager } = this.dataSource;
    const [phases, attempts, steps, usage, usageByAgent, failed] = await Promise.all([
      manager.find(RunPhaseEntity, { where: { runId }, order: { position: 'ASC' } }),
      manager.find(PhaseAttemptEntity, { where: { runId }, order: { number: 'ASC' } }),
      manager.find(StepEntity, { where: { runId }, order: { position: 'ASC' } }),
      manager.query<ModelUsageRow[]>(BY_MODEL, [runId]),
      manager.query<AgentUsageRow[]>(BY_AGENT, [runId]),
      manager.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM step_attempts WHERE run_id = $1 AND status IN ('failed', 'lost')`,
        [runId],
      ),
    ]);
    return { phases, attempts, steps, usage, usageByAgent, errors: failed[0]?.n ?? 0 };
  }
}
