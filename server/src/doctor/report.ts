import type { Severity } from './checks/check.js';

/** Something that breaks an invariant. */
export interface Finding {
  /** null where no single run is concerned. */
  readonly runId: string | null;
  /** Of the row, or the digest of the content. */
  readonly id: string;
  readonly detail: string;
}

export interface CheckResult {
  readonly name: string;
  /** The invariant as a sentence. */
  readonly says: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

export interface DoctorReport {
  /** No check of severity `violation` found anything. */
  readonly healthy: boolean;
  readonly runs: number;
  /** How long it took, milliseconds. */
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
}

const SHOWN = 10;

/** The report as a table for people, then the first findings of every check that has some. */
export function formatReport(report: DoctorReport): string {
  const width = Math.max(...report.checks.map((check) => check.name.length));
  const rows = report.checks.map(
    (check) => `${check.name.padEnd(width)}  ${verdictOf(check).padEnd(12)}  ${check.says}`,
  );
  const details = report.checks
    .filter((check) => check.findings.length > 0)
    .flatMap((check) => ['', `${check.name}:`, ...listed(check.findings)]);
  const broken = report.checks.filter(isBroken).length;
  const end = report.healthy
    ? 'healthy'
    : `${String(broken)} ${broken === 1 ? 'promise' : 'promises'} broken`;
  return [...rows, ...details, '', `${String(report.runs)} runs checked: ${end}`].join('\n');
}

/** Whether a check found something that is wrong, and not only something to tidy up. */
export const isBroken = (check: CheckResult): boolean =>
  check.severity === 'violation' && check.findings.length > 0;

function verdictOf({ findings, severity }: CheckResult): string {
  if (findings.length === 0) return 'ok';
  return `${String(findings.length)} ${severity === 'waste' ? 'to tidy' : 'broken'}`;
}

function listed(findings: readonly Finding[]): string[] {
  const lines = findings
    .slice(0, SHOWN)
    .map(({ runId, id, detail }) => `  ${runId === null ? '' : `run ${runId}: `}${detail} (${id})`);
  return findings.length > SHOWN ? [...lines, `  … and ${String(findings.length - SHOWN)} more`] : lines;
}
