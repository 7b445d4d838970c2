import { HYGIENE_KINDS, type GateStatus, type HygieneFinding, type HygieneKind } from './evidence.js';

const GATE_POINTS = { passed: 1, warned: 0.5, waived: 0.25, blocked: 0 } as const satisfies Record<
  GateStatus,
  number
>;

export interface GovernanceScore {
  /** 0–1; null where no gate was evaluated, or all weigh nothing. */
  readonly score: number | null;
  readonly evaluated: number;
  readonly byStatus: Readonly<Record<GateStatus, number>>;
}

/**
 * Σ over the gates of (passed 1, warned 0.5, waived 0.25, blocked 0) × weight, divided by Σ weight.
 * @param gates the evaluated gates of the newest attempt of each phase; weights ≥ 0
 */
export function governanceScore(
  gates: readonly { readonly status: GateStatus; readonly weight: number }[],
): GovernanceScore {
  const byStatus = { passed: 0, warned: 0, blocked: 0, waived: 0 };
  let points = 0;
  let weights = 0;
  for (const { status, weight } of gates) {
    byStatus[status] += 1;
    points += GATE_POINTS[status] * weight;
    weights += weight;
  }
  return { score: weights > 0 ? points / weights : null, evaluated: gates.length, byStatus };
}

/** Share of the hygiene score that each kind of finding can take away; together 1. */
export const HYGIENE_WEIGHTS = {
  secret: 0.3,
  large_file: 0.2,
  leftover: 0.15,
  broken_link: 0.1,
  empty_or_duplicate: 0.1,
  notebook_output: 0.05,
  orphan: 0.1,
} as const satisfies Record<HygieneKind, number>;

/** How much of a part's weight is lost from this many findings on, highest first. */
const HYGIENE_STEPS = [
  { from: 4, loss: 1 },
  { from: 2, loss: 0.7 },
  { from: 1, loss: 0.4 },
] as const;

export type HygieneCounts = Readonly<Record<HygieneKind, number>>;

export interface HygieneScore {
  /** 0–1; null where nothing was inspected. */
  readonly score: number | null;
  /** What each kind took away: 0 to its weight. */
  readonly losses: HygieneCounts;
}

/**
 * 1 − the losses of each kind. A kind loses nothing at 0 findings, 0.4 of its weight at 1, 0.7 at 2–3 and all
 * of it at 4 or more: one slip is visible at once, and a hundred are no worse than what a person has to act on.
 * @param inspection null, or no inspected file: nothing was measured, and the score is null
 */
export function hygieneScore(
  inspection: { readonly counts: HygieneCounts; readonly inspectedFiles: number } | null,
): HygieneScore {
  const losses = emptyCounts();
  if (inspection === null || inspection.inspectedFiles === 0) return { score: null, losses };
  for (const kind of HYGIENE_KINDS) losses[kind] = HYGIENE_WEIGHTS[kind] * lossAt(inspection.counts[kind]);
  const lost = HYGIENE_KINDS.reduce((sum, kind) => sum + losses[kind], 0);
  // Six decimals take the noise of binary fractions away: 1 − 0.3 − 0.2 … is then 0 at the worst, not 1e-17.
  return { score: Math.max(0, Math.round((1 - lost) * 1e6) / 1e6), losses };
}

/** How many findings there are of each kind. */
export function countFindings(findings: readonly Pick<HygieneFinding, 'kind'>[]): HygieneCounts {
  const counts = emptyCounts();
  for (const { kind } of findings) counts[kind] += 1;
  return counts;
}

const lossAt = (count: number): number => HYGIENE_STEPS.find(({ from }) => count >= from)?.loss ?? 0;

const emptyCounts = (): Record<HygieneKind, number> => ({
  secret: 0,
  large_file: 0,
  leftover: 0,
  broken_link: 0,
  empty_or_duplicate: 0,
  notebook_output: 0,
  orphan: 0,
});
