import { Injectable } from '@nestjs/common';
import Big from 'big.js';
import type { HygieneInspection } from '../governance/hygiene/inspection.js';
import { governanceScore, hygieneScore } from '../governance/domain/scores.js';
import type { GateResultEntity } from '../governance/gate-result.entity.js';
import { GateResultsRepository } from '../governance/gate-results.repository.js';
import type { MeasurementEntity } from '../governance/measurement.entity.js';
import { MeasurementsRepository } from '../governance/measurements.repository.js';
import type { UsageSumsDto } from '../agents/usage-sums.dto.js';
import type { PhaseMetricsDto, RunMetricsDto } from './dto/metrics.dto.js';
import {
  MetricsRepository,
  type AgentUsageRow,
  type ModelUsageRow,
  type UsageSums,
} from './metrics.repository.js';
import type { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { presentGate } from './present-phase.js';
import { seconds } from './present-run.js';
import type { RunPhaseEntity } from './run-phase.entity.js';
import type { RunEntity } from './run.entity.js';
import type { StepEntity } from './step.entity.js';

interface Measured {
  readonly attempts: readonly PhaseAttemptEntity[];
  readonly gates: readonly GateResultEntity[];
  readonly measurements: readonly MeasurementEntity[];
  readonly usage: readonly ModelUsageRow[];
  readonly usageByAgent: readonly AgentUsageRow[];
  readonly steps: readonly StepEntity[];
}

/** What a run cost and came to; every figure is a sum of what was recorded. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly metrics: MetricsRepository,
    private readonly gates: GateResultsRepository,
    private readonly measurements: MeasurementsRepository,
  ) {}

  async of(run: RunEntity): Promise<RunMetricsDto> {
    const { phases, attempts, steps, usage, usageByAgent, errors } = await this.metrics.read(run.id);
    const newest = attempts.filter((attempt) => isNewest(attempt, phases));
    const ids = newest.map((attempt) => attempt.id);
    const [gates, measurements] = await Promise.all([
      this.gates.ofAttempts(ids),
      this.measurements.ofAttempts(ids),
    ]);
    const measured = { attempts, gates, measurements, usage, usageByAgent, steps };
    const counted = gates.filter((gate) => gate.voidedAt === null);
    const governance = governanceScore(counted).score;
    const hygiene = hygieneScore(newestInspection(newest)).score;
    const started = phases.filter((phase) => phase.attempt > 0 || phase.startedAt !== null);
    return {
      run_id: run.id,
      total_duration_seconds: sum(started.map((phase) => phase.workingMs)) / 1000,
      total_token_usage: {
        input: sum(usage.map((row) => row.input)),
        output: sum(usage.map((row) => row.output)),
      },
      total_cost_usd: costOf(usage),
      unpriced_calls: sum(usage.map((row) => row.unpriced)),
      phases_metrics: started.map((phase) => phaseMetrics(phase, measured)),
      governance_score: governance ?? 1,
      governance_measured: governance !== null,
      hygiene_score: hygiene ?? 1,
      hygiene_measured: hygiene !== null,
      artifacts_total: run.artifactsCount,
      errors_count: errors,
    };
  }
}

const isNewest = (attempt: PhaseAttemptEntity, phases: readonly RunPhaseEntity[]): boolean =>
  attempt.supersededAt === null &&
  phases.some((phase) => phase.phase === attempt.phase && phase.attempt === attempt.number);

/** What stands now is what the last inspection saw. */
function newestInspection(attempts: readonly PhaseAttemptEntity[]): HygieneInspection | null {
  const inspected = attempts.filter((attempt) => attempt.hygiene !== null);
  const last = inspected
    .sort((a, b) => (a.completedAt?.getTime() ?? 0) - (b.completedAt?.getTime() ?? 0))
    .at(-1);
  return last?.hygiene ?? null;
}

function phaseMetrics(phase: RunPhaseEntity, measured: Measured): PhaseMetricsDto {
  const ofPhase = measured.attempts.filter((attempt) => attempt.phase === phase.phase);
  const newest = ofPhase.find((attempt) => attempt.number === phase.attempt && attempt.supersededAt === null);
  const gates = measured.gates.filter((gate) => gate.phaseAttemptId === newest?.id);
  const usage = measured.usage.filter((row) => row.phase === phase.phase);
  const agents = measured.steps.filter((step) => step.phase === phase.phase && step.startedAt !== null);
  return {
    phase: phase.phase,
    duration_seconds: ofPhase.some((attempt) => attempt.workingMs !== null) ? seconds(phase.workingMs) : null,
    token_usage: { input: sum(usage.map((row) => row.input)), output: sum(usage.map((row) => row.output)) },
    cost_usd: costOf(usage),
    agents_executed: [...new Set(agents.map((step) => step.agentId))],
    artifacts_generated: phase.artifactsCount,
    governance_passed: gates.length === 0 ? null : gates.every((gate) => gate.status !== 'blocked'),
    governance_warnings: gates.filter((gate) => gate.status === 'warned').map((gate) => gate.message),
    gates: gates.map(presentGate),
    attempts: ofPhase.length,
    usage_by_model: usage.map((row) => ({ provider: row.provider, model: row.model, ...usageSums(row) })),
    usage_by_agent: measured.usageByAgent
      .filter((row) => row.phase === phase.phase)
      .map((row) => ({ agent_id: row.agent, ...usageSums(row) })),
    measurements: measured.measurements
      .filter((row) => row.phaseAttemptId === newest?.id)
      .map(({ name, value, source }) => ({ name, value, source })),
    hygiene: [...(newest?.hygiene?.findings ?? [])],
  };
}

const usageSums = (row: UsageSums): UsageSumsDto => ({
  calls: row.calls,
  unpriced_calls: row.unpriced,
  input_tokens: row.input,
  output_tokens: row.output,
  cache_read_tokens: row.cacheRead,
  cache_write_tokens: row.cacheWrite,
  cost_usd: row.cost === null ? null : Number(row.cost),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Summed as decimals, so that the last digit is right. */
const costOf = (usage: readonly UsageSums[]): number =>
  Number(usage.reduce((total, row) => total.plus(row.cost ?? 0), new Big(0)).toFixed());
