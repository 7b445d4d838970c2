import { isRecord, numberAt, parseJsonObject, recordAt, textAt, type JsonObject } from './json.js';
import { KEPT_FINDINGS, MalformedReport, type ReportContent, type ReportFinding } from './report.js';

const SEVERITIES = ['critical', 'high', 'moderate', 'low', 'info'] as const;

const LEVELS: Readonly<Record<string, ReportFinding['level']>> = {
  critical: 'error',
  high: 'error',
  moderate: 'warning',
};

/**
 * Reads `npm audit --json` (report version 2, and the older form that pnpm writes).
 * @throws MalformedReport, also where npm wrote an error instead of a report
 */
export function readNpmAudit(text: string): ReportContent {
  const report = parseJsonObject(text);
  if (report['error'] !== undefined) {
    const code = textAt(recordAt(report, 'error') ?? {}, 'code') ?? 'no code';
    throw new MalformedReport(`the audit itself failed (${code.slice(0, 50)})`);
  }
  const counts = recordAt(recordAt(report, 'metadata') ?? {}, 'vulnerabilities');
  if (counts === null) throw new MalformedReport('it has no metadata.vulnerabilities');
  const figures: Record<string, number> = {};
  for (const severity of SEVERITIES) {
    const count = numberAt(counts, severity);
    if (count !== null) figures[`audit.${severity}`] = count;
    else if (severity !== 'info')
      throw new MalformedReport(`its count of ${severity} vulnerabilities is not a number`);
  }
  const sum = Object.values(figures).reduce((a, b) => a + b, 0);
  figures['audit.total'] = numberAt(counts, 'total') ?? sum;
  return { figures, warnings: [], findings: findingsOf(recordAt(report, 'vulnerabilities') ?? {}) };
}

function findingsOf(vulnerabilities: JsonObject): readonly ReportFinding[] {
  return Object.entries(vulnerabilities)
    .slice(0, KEPT_FINDINGS)
    .flatMap(([name, value]) => (isRecord(value) ? [findingOf(name, value)] : []));
}

function findingOf(name: string, vulnerability: JsonObject): ReportFinding {
  const via = vulnerability['via'];
  const advisory = Array.isArray(via) ? via.find(isRecord) : undefined;
  const title = advisory === undefined ? null : textAt(advisory, 'title');
  const severity = textAt(vulnerability, 'severity') ?? 'unknown';
  const range = textAt(vulnerability, 'range') ?? 'unknown versions';
  return {
    rule: `npm-audit/${severity}`,
    level: LEVELS[severity] ?? 'note',
    path: null,
    line: null,
    message: `${name} ${range}: ${title ?? 'depends on a vulnerable package'}`.slice(0, 1000),
  };
}
