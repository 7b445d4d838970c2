import type { UsagePlace } from '../../../agents/usage.repository.js';

/** For whom an agent's calls are made, and where they are booked. */
export interface AgentSeat {
  readonly place: Omit<UsagePlace, 'at'>;
  /** Owner of the run. */
  readonly ownerId: string;
}

/** What an agent's step asks of its run while it works. */
export abstract class AgentDesk {
  abstract seat(stepAttemptId: string): Promise<AgentSeat>;

  /** Shows why the step makes no call for now; null: it goes on. */
  abstract hold(stepAttemptId: string, reason: string | null): Promise<void>;

  abstract isPaused(runId: string): Promise<boolean>;

  /** Resolves when something about the run changed, after `withinMs`, or when the signal is aborted. */
  abstract untilChanged(runId: string, withinMs: number, signal: AbortSignal): Promise<void>;
}
