export const RUN_STATUSES = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Which status may follow which. `completed → running` and `failed → running` by retry or rollback only. */
export const RUN_TRANSITIONS = {
  running: ['paused', 'completed', 'failed', 'cancelled'],
  paused: ['running', 'cancelled'],
  failed: ['running', 'cancelled'],
  completed: ['running'],
  cancelled: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

/** Nothing of such a run executes by itself any more. */
export const isFinished = (status: RunStatus): status is 'completed' | 'cancelled' =>
  status === 'completed' || status === 'cancelled';
