/** From worst to least. */
export const SEVERITIES = ['critical', 'high', 'moderate', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const AREAS = ['secrets', 'dependencies', 'hygiene', 'practices'] as const;
export type Area = (typeof AREAS)[number];

/** Rough work for one person: under an hour, under a day, more. */
export type Effort = 'minutes' | 'hours' | 'days';

/** Names of the remedies that the implementation phase can apply by itself. */
export const REMEDY_IDS = [
  'gitignore',
  'editorconfig',
  'gitattributes',
  'remove_junk',
  'final_newline',
  'notebook_outputs',
  'workflow_permissions',
  'lock_file',
] as const;
export type RemedyId = (typeof REMEDY_IDS)[number];

/** One thing to do something about, with the place where it was seen. */
export interface Finding {
  /** Stable between runs: rule, path and line. */
  readonly id: string;
  /** `area/what`, such as `practices/no_licence`. */
  readonly rule: string;
  readonly area: Area;
  readonly severity: Severity;
  readonly title: string;
  /** null: about the repository as a whole. */
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly detail: string;
  readonly remedy: string;
  readonly effort: Effort;
  /** The remedy that can be applied automatically; null where a person has to decide. */
  readonly automatic: RemedyId | null;
}

/** The id of a finding of a rule at a place. */
export const findingId = (rule: string, path: string | null, line: number | null): string =>
  [rule, path ?? '', line === null ? '' : String(line)].join(':');

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, moderate: 0, low: 0 };
  for (const finding of findings) counts[finding.severity] += 1;
  return counts;
}

/** Worst first, then by rule, path and line, so that two reports of the same state are the same text. */
export function byWeight(a: Finding, b: Finding): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return (
    severity ||
    compare(a.rule, b.rule) ||
    compare(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
