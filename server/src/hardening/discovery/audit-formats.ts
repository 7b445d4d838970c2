import { findingId, type Finding, type Severity } from '../domain/finding.js';
import { isRecord, numberAt, parseRecord, recordAt, recordsAt, stringAt, type JsonRecord } from '../json.js';

export type AuditTool = 'npm' | 'pnpm' | 'yarn';

/** What an audit found in one lock file. */
export interface AuditReport {
  readonly findings: readonly Finding[];
  /** Packages that were looked up, where the tool says so. */
  readonly dependencies: number | null;
}

/** Reads the answer of an audit tool; null where it is no report (an error of the registry, for example). */
export function readAudit(tool: AuditTool, output: string, lockFile: string): AuditReport | null {
  switch (tool) {
    case 'npm':
      return readNpm(parseRecord(output), lockFile);
    case 'pnpm':
      return readAdvisories(parseRecord(output), lockFile);
    case 'yarn':
      return readYarn(output, lockFile);
  }
}

/** `npm audit --json`, report version 2: one entry per vulnerable package. */
function readNpm(report: JsonRecord | null, lockFile: string): AuditReport | null {
  const packages = recordAt(report, 'vulnerabilities');
  const metadata = recordAt(report, 'metadata');
  if (packages === null || metadata === null) return null;
  const findings = Object.entries(packages).flatMap(([name, entry]) => {
    if (!isRecord(entry)) return [];
    const advisory = recordsAt(entry, 'via')[0] ?? null;
    const title = stringAt(advisory, 'title') ?? 'depends on a vulnerable package';
    const range = stringAt(entry, 'range') ?? 'unknown versions';
    const detail = `${name} ${range}: ${title}`;
    return [
      finding({
        name,
        lockFile,
        severity: stringAt(entry, 'severity'),
        detail,
        remedy: npmRemedy(name, entry),
      }),
    ];
  });
  return { findings, dependencies: numberAt(recordAt(metadata, 'dependencies'), 'total') };
}

function npmRemedy(name: string, entry: JsonRecord): string {
  const fix = entry['fixAvailable'];
  if (fix === true) return `Update ${name} within its allowed range: npm update ${name}.`;
  if (isRecord(fix)) {
    return `Install ${stringAt(fix, 'name') ?? name}@${stringAt(fix, 'version') ?? 'a fixed version'}, which may change its interface.`;
  }
  return `No fixed version is published; replace ${name} or shield its use.`;
}

/** `pnpm audit --json` and the data of older npm: advisories by id. */
function readAdvisories(report: JsonRecord | null, lockFile: string): AuditReport | null {
  const advisories = recordAt(report, 'advisories');
  const metadata = recordAt(report, 'metadata');
  if (advisories === null || metadata === null) return null;
  const entries: readonly unknown[] = Object.values(advisories);
  const findings = entries.filter(isRecord).map((entry) => advisory(entry, lockFile));
  return {
    findings,
    dependencies: numberAt(metadata, 'totalDependencies') ?? numberAt(metadata, 'dependencies'),
  };
}

/** `yarn audit --json` of yarn 1: one JSON object per line, the last with the totals. */
function readYarn(output: string, lockFile: string): AuditReport | null {
  const lines = output
    .split('\n')
    .map(parseRecord)
    .filter((line) => line !== null);
  const summary = lines.find((line) => stringAt(line, 'type') === 'auditSummary');
  if (summary === undefined) return null;
  const entries = lines
    .filter((line) => stringAt(line, 'type') === 'auditAdvisory')
    .map((line) => recordAt(recordAt(line, 'data'), 'advisory'))
    .filter((entry) => entry !== null);
  // The same advisory is printed once for every path that leads to the package.
  const once = new Map(entries.map((entry) => [numberAt(entry, 'id') ?? stringAt(entry, 'title'), entry]));
  const findings = [...once.values()].map((entry) => advisory(entry, lockFile));
  return { findings, dependencies: numberAt(recordAt(summary, 'data'), 'totalDependencies') };
}

function advisory(entry: JsonRecord, lockFile: string): Finding {
  const name = stringAt(entry, 'module_name') ?? 'unknown package';
  const versions = stringAt(entry, 'vulnerable_versions') ?? 'unknown versions';
  const patched = stringAt(entry, 'patched_versions');
  const detail = `${name} ${versions}: ${stringAt(entry, 'title') ?? 'known vulnerability'}`;
  const fixed = patched !== null && patched !== '<0.0.0';
  const remedy = fixed
    ? `Update ${name} to ${patched}.`
    : `No fixed version is published; replace ${name} or shield its use.`;
  return finding({ name, lockFile, severity: stringAt(entry, 'severity'), detail, remedy });
}

interface Vulnerable {
  readonly name: string;
  readonly lockFile: string;
  readonly severity: string | null;
  readonly detail: string;
  readonly remedy: string;
}

function finding({ name, lockFile, severity, detail, remedy }: Vulnerable): Finding {
  const rule = `dependencies/${name}`;
  return {
    id: findingId(`${rule}@${detail.slice(0, 120)}`, lockFile, null),
    rule,
    area: 'dependencies',
    severity: severityOf(severity),
    title: `Vulnerable package ${name}`,
    path: lockFile,
    line: null,
    detail: detail.slice(0, 500),
    remedy,
    effort: 'hours',
    automatic: null,
  };
}

/** `info` and unknown words count as low. */
const severityOf = (word: string | null): Severity =>
  word === 'critical' || word === 'high' || word === 'moderate' ? word : 'low';
