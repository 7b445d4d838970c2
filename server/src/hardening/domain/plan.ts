import { SEVERITIES, type Area, type Effort, type Finding, type RemedyId, type Severity } from './finding.js';

/** Findings of one rule, as one thing to do. */
export interface PlanItem {
  /** `P1` is the first thing to do. */
  readonly id: string;
  readonly rule: string;
  readonly area: Area;
  readonly title: string;
  /** The worst of its findings. */
  readonly severity: Severity;
  /** Findings in all, and the files they are in. */
  readonly occurrences: number;
  readonly files: number;
  readonly reach: Reach;
  /** Weight of the severity times weight of the reach, 1–81. */
  readonly priority: number;
  readonly effort: Effort;
  readonly remedy: string;
  /** null: needs a person. */
  readonly automatic: RemedyId | null;
  readonly evidence: readonly PlanEvidence[];
}

/** One place, several (2–9 files), or the repository (10 files or more, or a finding about it as a whole). */
export type Reach = 'one place' | 'several files' | 'repository';

export interface PlanEvidence {
  /** The artifact of discovery in which the finding stands. */
  readonly artifact: string;
  readonly finding_id: string;
  readonly path: string | null;
  readonly line: number | null;
}

export interface SourcedFinding {
  readonly artifact: string;
  readonly finding: Finding;
}

const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = { critical: 27, high: 9, moderate: 3, low: 1 };
const REACH_WEIGHT: Readonly<Record<Reach, number>> = { 'one place': 1, 'several files': 2, repository: 3 };
const MAX_EVIDENCE = 20;

/**
 * Orders what was found into things to do: findings of one rule, and with the same way to mend them, are one
 * item; the order is severity × reach, then the severity, then the smaller effort, then the rule's name.
 */
export function makePlan(findings: readonly SourcedFinding[]): readonly PlanItem[] {
  const groups = Map.groupBy(findings, ({ finding }) => `${finding.rule}\n${finding.automatic ?? ''}`);
  return [...groups.values()]
    .map(toItem)
    .sort(order)
    .map((item, index) => ({ id: `P${index + 1}`, ...item }));
}

type Unnumbered = Omit<PlanItem, 'id'>;

function toItem(group: readonly SourcedFinding[]): Unnumbered {
  const findings = group.map(({ finding }) => finding);
  const severity = SEVERITIES.find((one) => findings.some((finding) => finding.severity === one)) ?? 'low';
  const worst = findings.find((finding) => finding.severity === severity) ?? findings[0];
  if (worst === undefined) throw new Error('a plan item needs at least one finding');
  const { rule, area, title, effort, remedy, automatic } = worst;
  const files = new Set(findings.flatMap(({ path }) => path ?? [])).size;
  const reach = reachOf(
    files,
    findings.some(({ path }) => path === null),
  );
  const priority = SEVERITY_WEIGHT[severity] * REACH_WEIGHT[reach];
  const evidence = group.slice(0, MAX_EVIDENCE).map(toEvidence);
  const about = { rule, area, title, severity, occurrences: findings.length, files, reach, priority };
  return { ...about, effort, remedy, automatic, evidence };
}

const toEvidence = ({ artifact, finding }: SourcedFinding): PlanEvidence => ({
  artifact,
  finding_id: finding.id,
  path: finding.path,
  line: finding.line,
});

function reachOf(files: number, whole: boolean): Reach {
  if (whole || files >= 10) return 'repository';
  return files >= 2 ? 'several files' : 'one place';
}

const EFFORTS: readonly Effort[] = ['minutes', 'hours', 'days'];

function order(a: Unnumbered, b: Unnumbered): number {
  const effort = EFFORTS.indexOf(a.effort) - EFFORTS.indexOf(b.effort);
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  return b.priority - a.priority || severity || effort || (a.rule < b.rule ? -1 : 1);
}
