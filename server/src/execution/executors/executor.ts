import type { ArtifactType, StepDefinition } from '../../workflow/domain/profile.js';
import type { Measurement } from '../../governance/domain/evidence.js';

/** One try of one step, as an executor sees it. Executors never touch the database. */
export interface StepContext {
  readonly runId: string;
  readonly projectName: string;
  readonly phase: string;
  /** Attempt of the phase, from 1. */
  readonly phaseAttempt: number;
  readonly stepAttemptId: string;
  /** Try of the step, from 1. */
  readonly stepTry: number;
  readonly step: StepDefinition;
  readonly intake: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What a reviewer asked for when this attempt was requested. */
  readonly comment: string | null;
  readonly earlierArtifacts: readonly EarlierArtifact[];
  /** Values of the step's secrets by name; masked wherever text is kept. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where the step works: a Git work tree at the checkpoint it starts from. */
  readonly workspace: string;
  /** A private folder beside the workspace for `$ORCHESTRATOR_*` files. */
  readonly exchange: string;
  /** Where a service that is called answers later; null where the step wants no callback. */
  readonly callback: StepCallback | null;
  readonly log: StepLog;
  /** Aborted on cancel, lost lease or shutdown; the reason says which. */
  readonly signal: AbortSignal;
}

export interface StepCallback {
  readonly url: string;
  readonly expiresAt: Date;
}

export interface EarlierArtifact {
  readonly phase: string;
  readonly path: string;
  readonly type: ArtifactType;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export type LogStream = 'stdout' | 'stderr' | 'system';

export interface StepLog {
  /** Never throws; what passes the limits is cut with a mark. */
  write(stream: LogStream, text: string): void;
  /** Everything written so far is stored. */
  flush(): Promise<void>;
}

/** What a try of a step came to. A failing step is data; a bug is an exception. */
export type StepOutcome =
  | { readonly kind: 'succeeded'; readonly report: StepReport }
  | {
      readonly kind: 'failed';
      readonly failure: StepFailure;
      readonly report: StepReport;
    }
  /** The called service took the work and calls back. */
  | { readonly kind: 'awaiting_callback'; readonly expiresAt: Date; readonly report: StepReport }
  /** Shutdown: the step is handed back and starts again elsewhere without counting as a try. */
  | { readonly kind: 'handed_back' };

export interface StepFailure {
  /** `exit_code`, `timeout`, `signal`, `cancelled`, `lost`, `spawn`, `missing_artifact`, `artifact_too_large` … */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What a step made and measured. Paths are relative; `file` is where the content lies on this machine. */
export interface StepReport {
  readonly artifacts: readonly ProducedArtifact[];
  readonly measurements: readonly Measurement[];
  readonly usage: readonly ReportedUsage[];
  readonly summary: string | null;
  readonly warnings: readonly string[];
}

export interface ProducedArtifact {
  readonly path: string;
  readonly file: string;
  readonly type: ArtifactType | null;
  readonly description: string | null;
}

export interface ReportedUsage {
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** What the tool itself said the call cost, as a decimal string; used only where no price is known. */
  readonly reportedCostUsd: string | null;
}

export interface StepExecutor {
  execute(context: StepContext): Promise<StepOutcome>;
}
