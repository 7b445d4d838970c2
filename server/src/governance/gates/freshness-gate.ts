import type { PhaseEvidence } from '../domain/evidence.js';
import { artifactsInScope } from './scope.js';
import { evidenceOf, type GateOf, type Judgement } from './verdict.js';

/** No artifact of the scope is older than the gate allows, at the time of the evaluation. */
export function judgeFreshness(gate: GateOf<'freshness'>, evidence: PhaseEvidence): Judgement {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const age = (createdAt: Date): number => Math.max(0, evidence.now.getTime() - createdAt.getTime());
  const oldest = artifacts.toSorted((a, b) => age(b.createdAt) - age(a.createdAt))[0];
  const threshold = `at most ${describeAge(gate.maxAgeMs)} old`;
  const remedy = `Make ${gate.artifact} anew, then run the phase again.`;
  if (oldest === undefined) {
    const message = `${gate.artifact} is missing: the phase produced no such artifact.`;
    return { result: 'unknown', threshold, actual: null, message, remedy, evidence: [] };
  }
  const actual = describeAge(age(oldest.createdAt));
  return {
    result: age(oldest.createdAt) <= gate.maxAgeMs ? 'met' : 'missed',
    threshold,
    actual,
    message: `${oldest.path} is ${actual} old; ${threshold} is asked for.`,
    remedy,
    evidence: artifacts.map((artifact) => evidenceOf(artifact, `made ${artifact.createdAt.toISOString()}`)),
  };
}

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
] as const;

/** A duration in its two largest units: `2 d 3 h`, `45 s`. */
function describeAge(milliseconds: number): string {
  const first = UNITS.findIndex(({ ms }) => milliseconds >= ms);
  if (first === -1) return '0 ms';
  let rest = Math.floor(milliseconds);
  const parts = UNITS.slice(first, first + 2).map(({ name, ms }) => {
    const amount = Math.floor(rest / ms);
    rest -= amount * ms;
    return amount === 0 ? '' : `${amount} ${name}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}
