/** What would move a run. */
export const WAITING_KINDS = ['advance', 'phase', 'approval', 'worker', 'agent', 'retry', 'budget'] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];

export interface WaitingOn {
  readonly kind: WaitingKind;
  readonly since: Date;
  /** A sentence for a person: what is awaited and what would move it. */
  readonly detail: string;
}
