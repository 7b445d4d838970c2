import { addCounts, passRate, type TestCounts } from '../domain/test-output.js';
import type { SuiteRun } from './run-suite.js';

/** The suites of one state of the repository. */
export interface TreeRun {
  readonly commit: string;
  readonly suites: readonly SuiteRun[];
  /** Of the suites that say; null where none does. */
  readonly tests: TestCounts | null;
  readonly pass_rate: number | null;
  /** Whether every suite ran and ended well; null where none could be run. */
  readonly passed: boolean | null;
  readonly duration_seconds: number;
  readonly coverage_lines: number | null;
}

/** Sums up the suites of one state. */
export function summarise(commit: string, suites: readonly SuiteRun[]): TreeRun {
  const ran = suites.filter(({ state }) => state !== 'not run');
  const tests = addCounts(suites.map((suite) => suite.tests));
  return {
    commit,
    suites,
    tests,
    pass_rate: tests === null ? null : passRate(tests),
    passed: ran.length === 0 ? null : suites.every(({ state }) => state === 'passed'),
    duration_seconds: suites.reduce((sum, { duration_seconds: seconds }) => sum + seconds, 0),
    coverage_lines: suites.find((suite) => suite.coverage_lines !== null)?.coverage_lines ?? null,
  };
}

export type Comparison = 'not measured' | 'only after' | 'same' | 'better' | 'worse';

/** Whether the changes did harm, by the failures (or, where they are not counted, by the exit codes). */
export function compare(before: TreeRun | null, after: TreeRun | null): Comparison {
  if (after === null || after.passed === null) return 'not measured';
  if (before === null || before.passed === null) return 'only after';
  const failed = (run: TreeRun): number => run.tests?.failed ?? 0;
  const lost = (before.tests?.passed ?? 0) - (after.tests?.passed ?? 0);
  if ((before.passed && !after.passed) || failed(after) > failed(before)) return 'worse';
  if ((!before.passed && after.passed) || failed(after) < failed(before)) return 'better';
  return lost > 0 ? 'worse' : 'same';
}
