/**
 * `pending` waits for other steps, `queued` for a place or a retry's time, `waiting` for somebody to claim,
 * decide or deliver.
 */
export const STEP_STATUSES = [
  'pending',
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Back to `pending` goes an approval that counts no more, and what builds on it and has not begun. */
export const STEP_TRANSITIONS = {
  pending: ['queued', 'waiting', 'skipped', 'cancelled'],
  queued: ['running', 'failed', 'cancelled', 'pending'],
  running: ['queued', 'waiting', 'succeeded', 'failed', 'cancelled'],
  waiting: ['running', 'succeeded', 'failed', 'cancelled', 'pending'],
  succeeded: ['pending'],
  failed: [],
  skipped: [],
  cancelled: [],
} as const satisfies Record<StepStatus, readonly StepStatus[]>;

/** Other steps may build on such a step. */
export const isDone = (status: StepStatus): status is 'succeeded' | 'skipped' =>
  status === 'succeeded' || status === 'skipped';

/** It starts as soon as there is a place for it. */
export const isStartable = (status: StepStatus): status is 'queued' | 'waiting' =>
  status === 'queued' || status === 'waiting';

export const isOpen = (status: StepStatus): status is 'pending' | 'queued' | 'running' | 'waiting' =>
  status === 'pending' || status === 'queued' || status === 'running' || status === 'waiting';

/** One try of a step. `lost`: its worker stopped answering. `handed_back`: its worker shut down in good order. */
export const TRY_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const;
export type TryStatus = (typeof TRY_STATUSES)[number];
