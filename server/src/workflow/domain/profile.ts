/**
 * The normalised form of a profile, format v1: what the YAML says, with every default filled in.
 * Durations are milliseconds, sizes bytes, money decimal strings in US dollars.
 */
export interface ProfileDefinition {
  readonly apiVersion: 'orchestrator/v1';
  /** ^[a-z][a-z0-9_]{1,62}$ */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly repository: RepositoryNeed;
  /** JSON Schema (draft 2020-12) of the run's parameters; null where the profile takes none. */
  readonly parameters: Readonly<Record<string, unknown>> | null;
  readonly budget: BudgetLimits;
  /** Steps of all runs of this profile that execute at once at the most; null is no limit. */
  readonly concurrency: number | null;
  /** Of runs that ask for no other; −100 to 100, the higher ones first. */
  readonly priority: number;
  readonly phases: readonly PhaseDefinition[];
}

export type RepositoryNeed = 'required' | 'optional' | 'none';

/** Limits on usage; null is no limit. */
export interface BudgetLimits {
  readonly maxCostUsd: string | null;
  readonly maxTokens: number | null;
}

export interface PhaseDefinition {
  readonly name: string;
  readonly title: string;
  /** May be skipped by a person. */
  readonly optional: boolean;
  /** Expression over `parameters`; null is always. A phase whose condition is false is skipped. */
  readonly when: string | null;
  readonly steps: readonly StepDefinition[];
  readonly gates: readonly GateDefinition[];
  /** Limits on what the phase uses in one run, all attempts; absent is no limit. */
  readonly budget?: BudgetLimits;
}

export interface StepDefinition {
  readonly id: string;
  /** The label that appears in `agent_ids`; the step's id where the profile names none. */
  readonly agent: string;
  readonly needs: readonly string[];
  readonly when: string | null;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly env: Readonly<Record<string, string>>;
  /** Names of secrets the step is given as environment variables. */
  readonly secrets: readonly string[];
  readonly artifacts: readonly ArtifactDeclaration[];
  readonly evidence: readonly EvidenceDeclaration[];
  readonly executor: ExecutorDefinition;
}

export interface RetryPolicy {
  /** Tries in all, 1–10. */
  readonly attempts: number;
  /** First back-off; doubles per try up to 30 s, with jitter. */
  readonly backoffMs: number;
  /** Whether a command that ends with an exit code is tried again: where the step itself asks for a retry. */
  readonly exitCodes: boolean;
}

export type ExecutorDefinition =
  | { readonly kind: 'command'; readonly command: string | readonly string[] }
  | {
      readonly kind: 'llm';
      readonly role: string;
      readonly task: string;
      readonly model: string;
      readonly maxSteps: number;
      readonly tools: readonly string[];
      /** Of all its model calls together; null: no limit of its own. */
      readonly maxTokens: number | null;
    }
  | {
      readonly kind: 'agent_cli';
      readonly tool: AgentTool;
      readonly role: string;
      readonly task: string;
      /** In the tool's own words; null: the tool's default. */
      readonly model: string | null;
      /** Further arguments of a known tool; the program and its arguments of a custom one. */
      readonly command: readonly string[];
    }
  | {
      readonly kind: 'worker';
      readonly labels: readonly string[];
      /** How long the step may wait to be claimed; null: without end. */
      readonly claimTimeoutMs: number | null;
    }
  | {
      readonly kind: 'approval';
      readonly role: 'viewer' | 'member' | 'admin';
      readonly count: number;
      readonly selfApproval: boolean;
      /** null: waits without end. */
      readonly approvalTimeoutMs: number | null;
    }
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
      readonly expect: readonly number[];
      readonly callback: boolean;
    };

/** Coding agents that are run as commands. */
export const AGENT_TOOLS = ['claude-code', 'codex', 'gemini', 'custom'] as const;
export type AgentTool = (typeof AGENT_TOOLS)[number];

export type ExecutorKind = ExecutorDefinition['kind'];

export interface ArtifactDeclaration {
  /** A path or glob relative to the workspace, or to `$ORCHESTRATOR_ARTIFACTS`. */
  readonly path: string;
  /** null: told from name and extension. */
  readonly type: ArtifactType | null;
  readonly required: boolean;
  readonly description: string | null;
}

export const ARTIFACT_TYPES = [
  'prd',
  'requirements',
  'architecture',
  'code',
  'test',
  'documentation',
  'data',
  'report',
  'patch',
  'log',
  'other',
] as const;
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export const EVIDENCE_FORMATS = ['junit', 'lcov', 'cobertura', 'sarif', 'npm_audit', 'ctrf'] as const;
export type EvidenceFormat = (typeof EVIDENCE_FORMATS)[number];

/** A report to be read, by path or glob relative to the workspace. */
export interface EvidenceDeclaration {
  readonly format: EvidenceFormat;
  readonly path: string;
}

interface GateBase {
  readonly id: string;
  readonly severity: 'block' | 'warn';
  readonly weight: number;
  readonly remedy: string | null;
}

export type GateDefinition = GateBase &
  (
    | {
        readonly kind: 'artifact';
        /** Path or glob of the artifact within the phase. */
        readonly artifact: string;
        readonly minSize: number;
        readonly sections: readonly string[];
        readonly schema: Readonly<Record<string, unknown>> | null;
      }
    | {
        readonly kind: 'metric';
        readonly metric: string;
        readonly min: number | null;
        readonly max: number | null;
      }
    /** `all`: every output of the phase; else a glob over its artifacts. */
    | { readonly kind: 'secrets'; readonly scope: string }
    | { readonly kind: 'links'; readonly artifact: string }
    | { readonly kind: 'forbidden'; readonly patterns: readonly string[]; readonly artifact: string }
    | {
        readonly kind: 'trace';
        /** Path of the artifact that defines the identifiers, of this phase or an earlier one. */
        readonly source: string;
        /** What an identifier looks like: a pattern that RE2 and JavaScript both read. */
        readonly pattern: string;
        /** Path or glob of the artifacts of this phase that are to refer to them. */
        readonly artifact: string;
        /** Share of the identifiers, 0–1. */
        readonly min: number;
      }
    | { readonly kind: 'freshness'; readonly artifact: string; readonly maxAgeMs: number }
    | { readonly kind: 'budget'; readonly maxCostUsd: string | null; readonly maxTokens: number | null }
    | { readonly kind: 'approval'; readonly role: 'viewer' | 'member' | 'admin'; readonly count: number }
  );

export type GateKind = GateDefinition['kind'];
