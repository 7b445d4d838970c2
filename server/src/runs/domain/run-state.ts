import type { ExecutorKind } from '../../workflow/domain/profile.js';
import type { PhaseStatus } from './phase-status.js';
import type { RunStatus } from './run-status.js';
import type { StepStatus, TryStatus } from './step-status.js';
import type { WaitingKind } from './waiting.js';

/** Why something failed, as it is stored and answered. */
export interface FailureRecord {
  readonly code: string;
  readonly message: string;
  readonly phase: string | null;
  readonly step: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
}

/** One segment of the strip of phases. */
export interface PhaseSegment {
  readonly phase: string;
  readonly status: PhaseStatus;
}

export interface WaiverRequest {
  readonly by: { readonly id: string; readonly name: string };
  readonly reason: string | null;
}

/** What the decisions need of a run; the stored rows have these fields. */
export interface RunState {
  readonly profileVersion: number;
  readonly id: string;
  readonly ownerId: string;
  readonly projectName: string;
  status: RunStatus;
  currentPhase: string;
  readonly autoAdvance: boolean;
  /** −100 to 100: steps of a higher one are started first. */
  readonly priority: number;
  costUsd: string;
  inputTokens: number;
  outputTokens: number;
  budgetMaxCostUsd: string | null;
  budgetMaxTokens: number | null;
  phasesDone: number;
  phaseStates: PhaseSegment[];
  waitingKind: WaitingKind | null;
  waitingSince: Date | null;
  waitingDetail: string | null;
  workingMs: number;
  waivedGates: number;
  failure: FailureRecord | null;
  updatedAt: Date;
  completedAt: Date | null;
  archivedAt: Date | null;
}

export interface RunPhaseState {
  readonly phase: string;
  readonly position: number;
  status: PhaseStatus;
  attempt: number;
  startedAt: Date | null;
  completedAt: Date | null;
  workingMs: number;
  error: FailureRecord | null;
  checkpoint: string | null;
}

export interface PhaseAttemptState {
  readonly id: string;
  readonly runId: string;
  readonly phase: string;
  readonly number: number;
  status: PhaseStatus;
  readonly comment: string | null;
  baseCommit: string | null;
  checkpoint: string | null;
  readonly startedAt: Date;
  completedAt: Date | null;
  workingMs: number | null;
  error: FailureRecord | null;
  waiver: WaiverRequest | null;
  epoch: number;
  leaseExpiresAt: Date | null;
  reopenedAt: Date | null;
  supersededAt: Date | null;
}

export interface StepState {
  readonly id: string;
  readonly runId: string;
  readonly phaseAttemptId: string;
  readonly phase: string;
  readonly key: string;
  readonly position: number;
  readonly agentId: string;
  readonly executor: ExecutorKind;
  readonly labels: string[];
  status: StepStatus;
  tries: number;
  epoch: number;
  queuedAt: Date | null;
  expiresAt: Date | null;
  /** The limit that left it no place when it was last to start; null: none did. */
  heldBy: string | null;
  /** Why the next model call of the running step cannot be paid for now; null: nothing stands in its way. */
  budgetHold: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  commit: string | null;
  summary: string | null;
  warnings: string[];
  error: FailureRecord | null;
}

export interface TryState {
  readonly id: string;
  readonly runId: string;
  readonly stepId: string;
  readonly number: number;
  status: TryStatus;
  epoch: number;
  workerId: string | null;
  leaseExpiresAt: Date | null;
  runAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  error: FailureRecord | null;
}
