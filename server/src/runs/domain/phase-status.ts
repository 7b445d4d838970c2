export const PHASE_STATUSES = [
  'pending',
  'in_progress',
  'awaiting_approval',
  'completed',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type PhaseStatus = (typeof PHASE_STATUSES)[number];

/** Which status may follow which. `failed → completed` by a waiver, `completed → pending` and `skipped → pending` by rollback only. */
export const PHASE_TRANSITIONS = {
  pending: ['in_progress', 'skipped', 'cancelled'],
  in_progress: ['awaiting_approval', 'completed', 'failed', 'cancelled', 'pending'],
  awaiting_approval: ['completed', 'in_progress', 'failed', 'cancelled', 'pending'],
  failed: ['in_progress', 'completed', 'cancelled', 'pending'],
  completed: ['pending'],
  skipped: ['pending'],
  cancelled: [],
} as const satisfies Record<PhaseStatus, readonly PhaseStatus[]>;

/** The run may go past such a phase. */
export const isPassed = (status: PhaseStatus): status is 'completed' | 'skipped' =>
  status === 'completed' || status === 'skipped';

/** Steps of such a phase may be executing or waiting for somebody. */
export const isActive = (status: PhaseStatus): status is 'in_progress' | 'awaiting_approval' =>
  status === 'in_progress' || status === 'awaiting_approval';
