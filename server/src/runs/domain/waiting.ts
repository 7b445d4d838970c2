/** What would move a run. */
export const WAITING_KINDS = ['advance', 'phase', 'approval', 'worker', 'agent', 'retry', 'budget'] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];
