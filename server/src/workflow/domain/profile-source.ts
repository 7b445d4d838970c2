import type { AgentTool, ArtifactType, EvidenceFormat, RepositoryNeed } from './profile.js';

/** A profile as it is written, after the JSON Schema has accepted it: every default still absent. */
export interface ProfileSource {
  readonly apiVersion: 'orchestrator/v1';
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly repository?: RepositoryNeed;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly budget?: BudgetSource;
  readonly concurrency?: number;
  readonly priority?: number;
  readonly defaults?: { readonly timeout?: string; readonly retry?: RetrySource };
  readonly phases: readonly PhaseSource[];
}

export interface BudgetSource {
  readonly max_cost_usd?: number | string;
  readonly max_tokens?: number;
}

export interface RetrySource {
  readonly attempts?: number;
  readonly backoff?: string;
}

export interface PhaseSource {
  readonly name: string;
  readonly title?: string;
  readonly optional?: boolean;
  readonly when?: string;
  readonly steps: readonly StepSource[];
  readonly gates?: readonly GateSource[];
  readonly budget?: BudgetSource;
}

/** Exactly one of `command`, `llm`, `agent_cli`, `worker`, `approval` and `http` is there. */
export interface StepSource {
  readonly id: string;
  readonly agent?: string;
  readonly needs?: readonly string[];
  readonly when?: string;
  readonly timeout?: string;
  readonly retry?: RetrySource;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly artifacts?: readonly ArtifactSource[];
  readonly evidence?: readonly EvidenceSource[];
  readonly command?: string | readonly string[];
  readonly llm?: LlmSource;
  readonly agent_cli?: AgentCliSource;
  readonly worker?: { readonly labels?: readonly string[]; readonly claim_timeout?: string };
  readonly approval?: ApprovalSource;
  readonly http?: HttpSource;
}

export type EvidenceSource = Readonly<Partial<Record<EvidenceFormat, string>>>;

export interface ArtifactSource {
  readonly path: string;
  readonly type?: ArtifactType;
  readonly required?: boolean;
  readonly description?: string;
}

export interface LlmSource {
  readonly role: string;
  readonly task: string;
  readonly model?: string;
  readonly max_steps?: number;
  readonly tools?: readonly string[];
  readonly max_tokens?: number;
}

export interface AgentCliSource {
  readonly tool: AgentTool;
  readonly role: string;
  readonly task: string;
  readonly model?: string;
  readonly command?: readonly string[];
}

export type ApproverRole = 'viewer' | 'member' | 'admin';

export interface ApprovalSource {
  readonly role?: ApproverRole;
  readonly count?: number;
  readonly self_approval?: boolean;
  readonly timeout?: string;
}

export interface HttpSource {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeout?: string;
  readonly expect?: readonly number[];
  readonly callback?: boolean;
}

/** The kind is told by its key: the first of the keys other than `artifact`, else `artifact`. */
export interface GateSource {
  readonly id: string;
  readonly severity?: 'block' | 'warn';
  readonly weight?: number;
  readonly remedy?: string;
  readonly artifact?: string;
  readonly min_size?: number;
  readonly sections?: readonly string[];
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly metric?: string;
  readonly min?: number;
  readonly max?: number;
  readonly secrets?: string;
  readonly links?: string;
  readonly forbidden?: string | readonly string[];
  readonly trace?: string;
  readonly pattern?: string;
  readonly in?: string;
  readonly freshness?: string;
  readonly max_age?: string;
  readonly budget?: BudgetSource;
  readonly approval?: { readonly role?: ApproverRole; readonly count?: number };
}
