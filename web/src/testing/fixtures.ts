import type { MeDto } from '../app/api/generated/models';
import type {
  ArtifactSummary,
  GateInfo,
  PhaseInfo,
  PhaseStatus,
  RunDetail,
  RunSummary,
  StepInfo,
} from '../app/runs/run-models';

const AT = '2026-11-22T12:00:00.000Z';
export const RUN_ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';

export const ADMIN: MeDto = {
  user_id: 'u-1',
  email: 'ada@example.org',
  name: 'Ada Lovelace',
  role: 'admin',
  via: 'session',
  owes_second_factor: false,
  permissions: [
    'runs:read',
    'runs:create',
    'runs:operate',
    'runs:waive',
    'artifacts:write',
    'profiles:read',
    'users:manage',
    'api_keys:own',
    'settings:manage',
    'secrets:manage',
    'audit:read',
    'comments:write',
    'costs:read',
    'budgets:manage',
  ],
};
export const MEMBER: MeDto = {
  ...ADMIN,
  user_id: 'u-2',
  name: 'Grace Hopper',
  role: 'member',
  permissions: ['runs:read', 'runs:create', 'runs:operate', 'profiles:read', 'api_keys:own'],
};
export const VIEWER: MeDto = { ...MEMBER, user_id: 'u-3', role: 'viewer', permissions: ['runs:read'] };

export const aStep = (change: Partial<StepInfo> = {}): StepInfo => ({
  step: 'unit',
  agent_id: 'qa',
  executor: 'command',
  status: 'succeeded',
  needs: [],
  tries: 1,
  queued_at: AT,
  started_at: AT,
  completed_at: AT,
  duration_seconds: 4,
  summary: null,
  warnings: [],
  error: null,
  task: null,
  deliverables: [],
  ...change,
});

export const aGate = (change: Partial<GateInfo> = {}): GateInfo => ({
  gate_id: 'tests_pass',
  kind: 'metric',
  status: 'blocked',
  severity: 'block',
  weight: 1,
  threshold: '≥ 1',
  actual: '0.5',
  message: 'tests.pass_rate is 0.5, not ≥ 1.',
  remedy: 'Fix the failing tests.',
  evidence: [{ path: 'reports/junit.xml', sha256: 'ab', detail: '24 of 48 pass' }],
  evaluated_at: AT,
  voided: false,
  waived_by: null,
  ...change,
});

export const aPhase = (phase: string, status: PhaseStatus, change: Partial<PhaseInfo> = {}): PhaseInfo => ({
  phase,
  title: phase.charAt(0).toUpperCase() + phase.slice(1),
  status,
  attempt: status === 'pending' ? 0 : 1,
  optional: false,
  started_at: status === 'pending' ? null : AT,
  completed_at: status === 'completed' ? AT : null,
  duration_seconds: status === 'completed' || status === 'failed' ? 10 : null,
  agent_ids: ['qa'],
  artifacts_count: 0,
  steps: [],
  gates: [],
  approval: null,
  error: null,
  ...change,
});

export const aSummary = (change: Partial<RunSummary> = {}): RunSummary => ({
  run_id: RUN_ID,
  profile: 'self_hardening',
  profile_version: 1,
  project_name: 'payments',
  current_phase: 'test',
  status: 'running',
  created_at: AT,
  updated_at: AT,
  owner: { user_id: 'u-1', name: 'Ada Lovelace', email: 'ada@example.org' },
  progress: {
    phases_done: 1,
    phases_total: 2,
    ratio: 0.5,
    phases: [
      { phase: 'build', status: 'completed' },
      { phase: 'test', status: 'in_progress' },
    ],
  },
  waiting_on: null,
  cost_usd: 0,
  unpriced_calls: 0,
  total_duration_seconds: 10,
  artifacts_count: 0,
  waived_gates: 0,
  auto_advance: false,
  archived_at: null,
  ...change,
});

export const aRun = (change: Partial<RunDetail> = {}): RunDetail => ({
  ...aSummary(),
  priority: 0,
  access: 'own',
  intake: null,
  phases: [aPhase('build', 'completed'), aPhase('test', 'in_progress')],
  completed_at: null,
  metadata: {},
  parameters: {},
  repository: null,
  failure: null,
  budget: { max_cost_usd: null, max_tokens: null, spent_usd: 0, spent_tokens: 0 },
  links: { self: '', artifacts: '', metrics: '', events: '', console: '' },
  ...change,
});

/** A run that a gate of its second phase stopped. */
export const aBlockedRun = (change: Partial<RunDetail> = {}): RunDetail =>
  aRun({
    status: 'failed',
    waiting_on: {
      kind: 'advance',
      since: AT,
      detail: 'Gate tests_pass blocked. Mend it and retry test, or waive the gate.',
    },
    failure: {
      code: 'governance_blocked',
      message: 'Gate tests_pass blocked.',
      phase: 'test',
      step: null,
      exit_code: null,
      signal: null,
    },
    phases: [
      aPhase('build', 'completed'),
      aPhase('test', 'failed', {
        steps: [aStep()],
        gates: [
          aGate(),
          aGate({ gate_id: 'coverage', status: 'warned', severity: 'warn', actual: null, evidence: [] }),
        ],
      }),
    ],
    ...change,
  });

export const anArtifact = (path: string, change: Partial<ArtifactSummary> = {}): ArtifactSummary => ({
  artifact_id: `id-${path}`,
  phase: 'build',
  path,
  name: path.split('/').at(-1) ?? path,
  description: null,
  artifact_type: 'report',
  size_bytes: 20,
  created_at: AT,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  media_type: 'text/markdown',
  attempt: 1,
  version: 1,
  step_id: 'compile',
  agent_id: 'builder',
  superseded: false,
  ...change,
});
