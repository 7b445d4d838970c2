import { byWeight, countBySeverity, SEVERITIES, type Finding } from '../domain/finding.js';
import { code, document, plain, plural, table } from '../domain/markdown.js';
import type { StepExchange } from '../step-exchange.js';
import { sarifOf } from './sarif-report.js';

/** Findings that a report lists one by one; the counts are of all. */
export const MAX_LISTED = 1000;
const MAX_IN_MARKDOWN = 200;

export interface FindingsReport {
  /** File name of the artifacts without extension. */
  readonly name: string;
  readonly title: string;
  /** false: nothing could be measured, and `notes` say why. */
  readonly measured: boolean;
  readonly findings: readonly Finding[];
  /** Sentences on what was looked at and what was not. */
  readonly notes: readonly string[];
  /** Further fields of the JSON. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Saves findings as JSON, SARIF and Markdown: the same facts for programs, tools and people. */
export async function saveFindings(exchange: StepExchange, report: FindingsReport): Promise<void> {
  const findings = [...report.findings].sort(byWeight);
  const listed = findings.slice(0, MAX_LISTED);
  await exchange.json(`${report.name}.json`, {
    measured: report.measured,
    total: findings.length,
    by_severity: countBySeverity(findings),
    not_listed: findings.length - listed.length,
    notes: report.notes,
    ...report.extra,
    findings: listed,
  });
  await exchange.json(`${report.name}.sarif`, sarifOf(listed));
  await exchange.text(`${report.name}.md`, markdownOf(report, findings));
}

function markdownOf(report: FindingsReport, findings: readonly Finding[]): string {
  const counts = countBySeverity(findings);
  const summary = SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ');
  const rows = findings.slice(0, MAX_IN_MARKDOWN).map(row);
  const more = findings.length - rows.length;
  return document(
    `# ${report.title}`,
    '## Result',
    report.measured ? `${plural(findings.length, 'finding')}: ${summary}.` : 'Not measured.',
    report.notes.map((note) => `- ${plain(note)}`).join('\n'),
    '## Findings',
    findings.length === 0 ? 'None.' : table(['Severity', 'Finding', 'Where', 'Remedy'], rows),
    more > 0 ? `${plural(more, 'further finding')} in ${code(`${report.name}.json`)}.` : '',
  );
}

function row(finding: Finding): readonly string[] {
  const place = finding.line === null ? finding.path : `${finding.path}:${finding.line}`;
  const where = finding.path === null || place === null ? 'repository' : code(place);
  return [
    finding.severity,
    `${plain(finding.title)}. ${plain(finding.detail)}`,
    where,
    plain(finding.remedy),
  ];
}
