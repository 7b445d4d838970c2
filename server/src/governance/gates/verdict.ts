import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { EvidenceArtifact, GateVerdict } from '../domain/evidence.js';

/** The definition of one kind of gate. */
export type GateOf<K extends GateDefinition['kind']> = Extract<GateDefinition, { kind: K }>;

/** What an evaluator found, before the gate's severity is applied. */
export interface Judgement {
  /** `unknown`: the evidence is missing or could not be judged; it never passes. */
  readonly result: 'met' | 'missed' | 'unknown';
  readonly threshold: string | null;
  /** Null exactly where nothing was measured. */
  readonly actual: string | null;
  /** A sentence for a person. */
  readonly message: string;
  /** What to do where the profile names no remedy. */
  readonly remedy: string;
  readonly evidence: GateVerdict['evidence'];
}

/** Turns a judgement into the gate's verdict: what is not met blocks or warns, as the gate's severity says. */
export function verdictOf(gate: GateDefinition, judgement: Judgement): GateVerdict {
  const met = judgement.result === 'met';
  const failed = gate.severity === 'block' ? 'blocked' : 'warned';
  return {
    gateId: gate.id,
    kind: gate.kind,
    status: met ? 'passed' : failed,
    severity: gate.severity,
    weight: gate.weight,
    definition: gate,
    threshold: judgement.threshold,
    actual: judgement.result === 'unknown' ? null : judgement.actual,
    message: judgement.message,
    remedy: met ? null : (gate.remedy ?? judgement.remedy),
    evidence: judgement.evidence,
  };
}

export const evidenceOf = (
  artifact: EvidenceArtifact,
  detail: string | null,
): GateVerdict['evidence'][number] => ({
  path: artifact.path,
  sha256: artifact.sha256,
  detail,
});
