import { arch, cpus, loadavg, totalmem } from 'node:os';
import type { Disturbance } from './mayhem.ts';
import type { Verdict } from './verdict.ts';

export interface ChaosReport extends Verdict {
  readonly at: string;
  readonly seed: number;
  readonly seconds: number;
  readonly leaseSeconds: number;
  readonly machine: string;
  readonly disturbances: Readonly<Record<string, number>>;
  /** All of them, in order. */
  readonly hits: readonly Disturbance[];
  /** Ends of processes that the harness did not cause. */
  readonly crashes: readonly string[];
  /** Seconds from the end of the disturbances until every run had ended. */
  readonly settledAfter: number;
  readonly passed: boolean;
}

/** No step may wait longer for another worker, seconds. */
export const RECOVERY_LIMIT = 30;

export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]?.toFixed(1) ?? 'not measured'}`;

export function countByKind(hits: readonly Disturbance[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of hits) counts[kind] = (counts[kind] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}

export const passes = (verdict: Verdict, crashes: readonly string[]): boolean =>
  [verdict.lost, verdict.doubled, verdict.stuck, verdict.unseen, verdict.broken, crashes].every(
    (list) => list.length === 0,
  ) && (verdict.longestRecovery ?? 0) <= RECOVERY_LIMIT;

/** The result as a Markdown table, then everything that is wrong. */
export function formatChaos(report: ChaosReport): string {
  const seconds = (value: number | null): string =>
    value === null ? 'not measured' : `${value.toFixed(1)} s`;
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', report.seed],
    ['disturbed for', `${report.seconds} s, lease ${report.leaseSeconds} s`],
    ['machine', report.machine],
    ['runs', report.runs],
    ['steps that succeeded', report.steps],
    ['tries', `${report.tries}, of which lost ${report.lostTries}`],
    ['events streamed', `${report.streamedEvents}, over ${report.reconnects} lost connections`],
    ...Object.entries(report.disturbances),
    ['longest recovery of a step', seconds(report.longestRecovery)],
    ['all runs ended after', seconds(report.settledAfter)],
    ['lost', report.lost.length],
    ['doubled', report.doubled.length],
    ['stuck', report.stuck.length],
    ['events missed or seen twice', report.unseen.length],
    ['broken invariants', report.broken.length],
    ['crashes of its own', report.crashes.length],
  ];
  const table = [
    '| what | measured |',
    '|---|---|',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ];
  const wrong = [
    report.lost,
    report.doubled,
    report.stuck,
    report.unseen,
    report.broken,
    report.crashes,
  ].flat();
  return [...table, '', ...wrong.map((line) => `- ${line}`), report.passed ? 'passed' : 'FAILED'].join('\n');
}
