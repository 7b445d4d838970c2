/** Where a report was read. */
export interface ReportSource {
  readonly path: string;
  readonly sha256: string | null;
  readonly stepId: string | null;
}

/** What a reader of one format took from a report. */
export interface ReportContent {
  /** Figures by metric name; what the report does not say is absent. */
  readonly figures: Readonly<Record<string, number>>;
  /** Sentences about what could not be used. */
  readonly warnings: readonly string[];
  readonly findings: readonly ReportFinding[];
}

/** One problem that a report names. */
export interface ReportFinding {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly message: string;
}

/** A report that is not of its format; the message is a part of a sentence and holds nothing of the content. */
export class MalformedReport extends Error {}

/** Findings kept of one report; the figures count all of them. */
export const KEPT_FINDINGS = 1000;

/** Counts of tests as a report states them. */
export interface TestCounts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Null where the report says nothing of time. */
  readonly seconds: number | null;
}

/** `tests.*`; the pass rate, passed / (total − skipped), is absent where nothing ran. */
export function testFigures(counts: TestCounts): Record<string, number> {
  const ran = counts.total - counts.skipped;
  return {
    'tests.total': counts.total,
    'tests.passed': counts.passed,
    'tests.failed': counts.failed,
    'tests.skipped': counts.skipped,
    ...(ran > 0 ? { 'tests.pass_rate': counts.passed / ran } : {}),
    ...(counts.seconds === null ? {} : { 'tests.duration_seconds': counts.seconds }),
  };
}

export type CoverageOf = 'lines' | 'branches' | 'functions';

/** `coverage.X` with the two counts it comes from, so that reports can be summed; nothing where there was nothing to cover. */
export function coverageFigures(of: CoverageOf, covered: number, total: number): Record<string, number> {
  if (total <= 0) return {};
  if (covered > total)
    throw new MalformedReport(`more ${of} are covered (${covered}) than there are (${total})`);
  return {
    [`coverage.${of}`]: covered / total,
    [`coverage.${of}_covered`]: covered,
    [`coverage.${of}_total`]: total,
  };
}
