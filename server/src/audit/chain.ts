import { createHash } from 'node:crypto';

/** What happened, before it has a place in the list. */
export interface AuditFact {
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly via: string | null;
  readonly action: string;
  readonly target: string;
  readonly status: number | null;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Before the first entry. */
export const START: Buffer = Buffer.alloc(32);

/** The hash of an entry behind the one before it. */
export function chained(before: Buffer, seq: number, fact: AuditFact): Buffer {
  const fields = [
    seq,
    fact.at.toISOString(),
    fact.actorId,
    fact.actorName,
    fact.via,
    fact.action,
    fact.target,
    fact.status,
    fact.address,
    fact.userAgent,
  ];
  return createHash('sha256').update(before).update(JSON.stringify(fields)).digest();
}
