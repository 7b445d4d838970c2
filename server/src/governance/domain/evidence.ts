import type { ArtifactType, GateDefinition, GateKind } from '../../workflow/domain/profile.js';

/** What the gates of one phase attempt may look at: nothing else counts. */
export interface PhaseEvidence {
  readonly artifacts: readonly EvidenceArtifact[];
  /** What earlier phases delivered, for gates that compare with it; it is not judged itself. */
  readonly earlier: readonly EvidenceArtifact[];
  readonly measurements: readonly Measurement[];
  readonly usage: { readonly costUsd: string; readonly tokens: number; readonly unpricedCalls: number };
  readonly approvals: readonly { readonly userId: string; readonly role: string; readonly at: Date }[];
  readonly now: Date;
}

/** An artifact of the attempt, with a way to read its content. */
export interface EvidenceArtifact {
  readonly path: string;
  readonly type: ArtifactType;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly createdAt: Date;
  /** Reads at most `limit` bytes from the start. */
  read(limit: number): Promise<Buffer>;
}

export interface Measurement {
  /** Dotted, lower case: `tests.pass_rate`, `coverage.lines`, `audit.critical`, `sarif.errors` … */
  readonly name: string;
  readonly value: number;
  /** Where it was read: a path of a report, or `reported` for a line of `$ORCHESTRATOR_OUTPUT`. */
  readonly source: string;
  readonly sha256: string | null;
  readonly stepId: string | null;
}

export const GATE_STATUSES = ['passed', 'warned', 'blocked', 'waived'] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

/** What a gate found. `actual` null means: not measured (and then it never passes). */
export interface GateVerdict {
  readonly gateId: string;
  readonly kind: GateKind;
  readonly status: Exclude<GateStatus, 'waived'>;
  readonly severity: 'block' | 'warn';
  readonly weight: number;
  readonly definition: GateDefinition;
  readonly threshold: string | null;
  readonly actual: string | null;
  readonly message: string;
  readonly remedy: string | null;
  /** What was judged. */
  readonly evidence: readonly {
    readonly path: string;
    readonly sha256: string | null;
    readonly detail: string | null;
  }[];
}

/** Evaluates a gate; only reading artifacts does IO, through the evidence it was given. */
export type EvaluateGate = (gate: GateDefinition, evidence: PhaseEvidence) => Promise<GateVerdict>;

/** One thing that hygiene found in what a phase produced. */
export interface HygieneFinding {
  readonly kind: HygieneKind;
  readonly path: string;
  readonly line: number | null;
  readonly message: string;
}

export const HYGIENE_KINDS = [
  'secret',
  'large_file',
  'leftover',
  'broken_link',
  'empty_or_duplicate',
  'notebook_output',
  'orphan',
] as const;
export type HygieneKind = (typeof HYGIENE_KINDS)[number];
