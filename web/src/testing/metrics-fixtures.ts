import type { PhaseMetrics, RunMetrics } from '../app/runs/run-models';
import { aGate, RUN_ID } from './fixtures';

export const somePhaseMetrics = (change: Partial<PhaseMetrics> = {}): PhaseMetrics => ({
  phase: 'test',
  duration_seconds: 12.5,
  token_usage: { input: 0, output: 0 },
  cost_usd: 0,
  agents_executed: ['qa'],
  artifacts_generated: 1,
  governance_passed: false,
  governance_warnings: [],
  gates: [aGate()],
  attempts: 1,
  usage_by_model: [],
  usage_by_agent: [],
  measurements: [],
  hygiene: [],
  ...change,
});

export const someMetrics = (change: Partial<RunMetrics> = {}): RunMetrics => ({
  run_id: RUN_ID,
  total_duration_seconds: 12.5,
  total_token_usage: { input: 0, output: 0 },
  total_cost_usd: 0,
  unpriced_calls: 0,
  phases_metrics: [somePhaseMetrics()],
  governance_score: 1,
  governance_measured: false,
  hygiene_score: 1,
  hygiene_measured: false,
  artifacts_total: 0,
  errors_count: 0,
  ...change,
});
