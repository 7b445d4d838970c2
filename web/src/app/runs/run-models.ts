export const RUN_STATUSES = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export type PhaseStatus =
  | 'pending'
  | 'in_progress'
  | 'awaiting_approval'
  | 'completed'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export type StepStatus =
  | 'pending'
  | 'queued'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export const WAITING_KINDS = ['advance', 'phase', 'approval', 'worker', 'agent', 'retry', 'budget'] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];

export interface WaitingOn {
  readonly kind: WaitingKind;
  readonly since: string;
  readonly detail: string;
}

export interface RunProgress {
  readonly phases_done: number;
  readonly phases_total: number;
  readonly phases: readonly { readonly phase: string; readonly status: PhaseStatus }[];
}

export interface RunSummary {
  readonly run_id: string;
  readonly profile: string;
  readonly profile_version: number;
  readonly project_name: string;
  readonly current_phase: string;
  readonly status: RunStatus;
  readonly owner: { readonly user_id: string; readonly name: string; readonly email: string };
  readonly progress: RunProgress;
  readonly waiting_on: WaitingOn | null;
  readonly cost_usd: number;
  readonly unpriced_calls: number;
  readonly total_duration_seconds: number | null;
  readonly waived_gates: number;
  readonly auto_advance: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly phase: string | null;
  readonly step: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
}

export interface RunDetail extends RunSummary {
  readonly intake: string | null;
  readonly phases: readonly PhaseInfo[];
  readonly completed_at: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly repository: { readonly url: string | null; readonly path: string | null; readonly ref: string | null } | null;
  readonly failure: Failure | null;
  readonly budget: {
    readonly max_cost_usd: number | null;
    readonly max_tokens: number | null;
    readonly spent_usd: number;
    readonly spent_tokens: number;
  };
}

export interface PhaseInfo {
  readonly phase: string;
  readonly title: string;
  readonly status: PhaseStatus;
  readonly attempt: number;
  readonly optional: boolean;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly duration_seconds: number | null;
  readonly agent_ids: readonly string[];
  readonly artifacts_count: number;
  readonly steps: readonly StepInfo[];
  readonly gates: readonly GateInfo[];
  readonly approval: ApprovalInfo | null;
  readonly error: Failure | null;
}

export interface StepInfo {
  readonly step: string;
  readonly agent_id: string;
  readonly executor: 'command' | 'llm' | 'worker' | 'approval' | 'http';
  readonly status: StepStatus;
  readonly tries: number;
  readonly needs: readonly string[];
  readonly queued_at: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly duration_seconds: number | null;
  readonly summary: string | null;
  readonly warnings: readonly string[];
  readonly error: Failure | null;
  readonly task: string | null;
  readonly deliverables: readonly Deliverable[];
}

export interface Deliverable {
  readonly path: string;
  readonly type: string | null;
  readonly required: boolean;
  readonly description: string | null;
}

export interface ApprovalInfo {
  readonly step: string;
  readonly role: 'viewer' | 'member' | 'admin';
  readonly count: number;
  readonly self_approval: boolean;
  readonly decisions: readonly ApprovalDecision[];
}

export interface ApprovalDecision {
  readonly user_id: string;
  readonly name: string;
  readonly decision: 'approved' | 'changes_requested';
  readonly comment: string | null;
  readonly at: string;
}

export type GateStatus = 'passed' | 'warned' | 'blocked' | 'waived';

export interface GateInfo {
  readonly gate_id: string;
  readonly kind: string;
  readonly status: GateStatus;
  readonly severity: 'block' | 'warn';
  readonly threshold: string | null;
  readonly actual: string | null;
  readonly message: string;
  readonly remedy: string | null;
  readonly evidence: readonly GateEvidence[];
  readonly voided: boolean;
  readonly waived_by: Waiver | null;
}

export interface GateEvidence {
  readonly path: string;
  readonly sha256: string | null;
  readonly detail: string | null;
}

export interface Waiver {
  readonly name: string;
  readonly at: string;
  readonly reason: string | null;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly total_capped: boolean;
}

export interface NewRunRequest {
  readonly profile: string;
  readonly project_name?: string;
  readonly intake?: string;
  readonly auto_advance: boolean;
  readonly repository?: { readonly url?: string; readonly path?: string; readonly ref?: string };
  readonly budget?: { readonly max_cost_usd?: number; readonly max_tokens?: number };
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface AdvanceAnswer {
  readonly message: string;
}

export interface ArtifactSummary {
  readonly artifact_id: string;
  readonly phase: string;
  readonly path: string;
  readonly name: string;
  readonly description: string | null;
  readonly artifact_type: string;
  readonly size_bytes: number;
  readonly created_at: string;
  readonly sha256: string;
  readonly media_type: string;
  readonly attempt: number;
  readonly version: number;
  readonly step_id: string | null;
  readonly agent_id: string | null;
  readonly superseded: boolean;
}

export interface ArtifactList {
  readonly artifacts_by_phase: Readonly<Record<string, readonly ArtifactSummary[]>>;
  readonly total_count: number;
}

export interface TokenUsage {
  readonly input: number;
  readonly output: number;
}

export interface HygieneFinding {
  readonly kind: string;
  readonly path: string;
  readonly line: number | null;
  readonly message: string;
}

export interface ModelUsage {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
}

export interface PhaseMetrics {
  readonly phase: string;
  readonly duration_seconds: number | null;
  readonly token_usage: TokenUsage;
  readonly cost_usd: number;
  readonly agents_executed: readonly string[];
  readonly artifacts_generated: number;
  readonly governance_passed: boolean | null;
  readonly governance_warnings: readonly string[];
  readonly gates: readonly GateInfo[];
  readonly attempts: number;
  readonly usage_by_model: readonly ModelUsage[];
  readonly hygiene: readonly HygieneFinding[];
}

export interface RunMetrics {
  readonly total_duration_seconds: number;
  readonly total_token_usage: TokenUsage;
  readonly total_cost_usd: number;
  readonly unpriced_calls: number;
  readonly phases_metrics: readonly PhaseMetrics[];
  readonly governance_score: number;
  readonly governance_measured: boolean;
  readonly hygiene_score: number;
  readonly hygiene_measured: boolean;
  readonly artifacts_total: number;
  readonly errors_count: number;
}

export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string | null } | null;
  readonly phase: string | null;
  readonly step: string | null;
  readonly attempt: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventPage {
  readonly events: readonly RunEvent[];
  readonly next_after: number | null;
}

export interface LogLine {
  readonly n: number;
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly at: string;
  readonly text: string;
  readonly step: string;
  readonly phase: string;
  readonly attempt: number;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  readonly next_after: number | null;
}
