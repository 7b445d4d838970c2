import { listed } from '../content/wording.js';
import type { Measurement, PhaseEvidence } from '../domain/evidence.js';
import type { GateOf, Judgement } from './verdict.js';

type MetricGate = GateOf<'metric'>;

/**
 * A measured figure within its limits. Where a figure was measured several times (by several steps or in
 * several formats) every one must be: the one furthest from the limits is shown.
 */
export function judgeMetric(gate: MetricGate, { measurements }: PhaseEvidence): Judgement {
  const found = measurements.filter(({ name, value }) => name === gate.metric && Number.isFinite(value));
  const threshold = thresholdOf(gate);
  const remedy = `Bring ${gate.metric} to ${threshold}, then run the phase again.`;
  const worst = found.toSorted((a, b) => distance(gate, b.value) - distance(gate, a.value))[0];
  if (worst === undefined) {
    return {
      result: 'unknown',
      threshold,
      actual: null,
      message: `${gate.metric} was not measured by any step of this phase.`,
      remedy: `Let a step report ${gate.metric}, or declare the report it can be read from as evidence.`,
      evidence: [],
    };
  }
  const met = distance(gate, worst.value) <= 0;
  const actual = numberText(gate, worst.value);
  return {
    result: met ? 'met' : 'missed',
    threshold,
    actual,
    message: `${gate.metric} is ${actual}, ${met ? 'as asked' : 'not'} ${threshold} (read from ${sourcesOf(found)}).`,
    remedy,
    evidence: found.map(({ source, sha256, value }) => ({
      path: source,
      sha256,
      detail: `${gate.metric} = ${value}`,
    })),
  };
}

function thresholdOf({ min, max }: MetricGate): string {
  if (min !== null && max !== null) return `≥ ${min} and ≤ ${max}`;
  if (min !== null) return `≥ ${min}`;
  return max === null ? 'measured' : `≤ ${max}`;
}

/** How far outside the limits a value lies; 0 or less is within. */
const distance = ({ min, max }: MetricGate, value: number): number =>
  Math.max(min === null ? -Infinity : min - value, max === null ? -Infinity : value - max);

/** Four decimals, but never a rounding that seems to contradict the verdict (0.79999 is not 0.8). */
function numberText(gate: MetricGate, value: number): string {
  const rounded = Math.round(value * 1e4) / 1e4;
  return String(distance(gate, rounded) <= 0 === distance(gate, value) <= 0 ? rounded : value);
}

const sourcesOf = (found: readonly Measurement[]): string =>
  listed([...new Set(found.map(({ source }) => source))]);
