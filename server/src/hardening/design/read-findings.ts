import { AREAS, REMEDY_IDS, SEVERITIES, type Effort, type Finding } from '../domain/finding.js';
import type { SourcedFinding } from '../domain/plan.js';
import { listAt, numberAt, recordsAt, stringAt, type JsonRecord } from '../json.js';
import type { StepExchange } from '../step-exchange.js';

/** The reports of discovery that have findings. */
export const FINDING_REPORTS = ['secrets.json', 'audit.json', 'hygiene.json', 'practices.json'] as const;

export interface Source {
  readonly artifact: string;
  /** `absent`: the earlier phase left no such report. */
  readonly state: 'measured' | 'not measured' | 'absent';
  readonly findings: number;
  readonly notes: readonly string[];
}

export interface CollectedFindings {
  readonly findings: readonly SourcedFinding[];
  readonly sources: readonly Source[];
}

/** Reads the findings of discovery back from its artifacts. */
export async function collectFindings(exchange: StepExchange): Promise<CollectedFindings> {
  const findings: SourcedFinding[] = [];
  const sources: Source[] = [];
  for (const artifact of FINDING_REPORTS) {
    const report = await exchange.earlierJson(artifact);
    const read = recordsAt(report, 'findings').flatMap((record) => toFinding(record) ?? []);
    findings.push(...read.map((finding) => ({ artifact, finding })));
    const state = report === null ? 'absent' : report['measured'] === true ? 'measured' : 'not measured';
    const notes = listAt(report, 'notes').filter((note) => typeof note === 'string');
    sources.push({ artifact, state, findings: numberAt(report, 'total') ?? read.length, notes });
  }
  return { findings, sources };
}

const EFFORTS: readonly Effort[] = ['minutes', 'hours', 'days'];

const member = <T extends string>(all: readonly T[], word: string | null): T | null =>
  all.find((one) => one === word) ?? null;

/** null where a record has not the shape of a finding: artifacts may have been replaced by a person. */
function toFinding(record: JsonRecord): Finding | null {
  const area = member(AREAS, stringAt(record, 'area'));
  const severity = member(SEVERITIES, stringAt(record, 'severity'));
  const effort = member(EFFORTS, stringAt(record, 'effort'));
  const [id, rule] = [stringAt(record, 'id'), stringAt(record, 'rule')];
  if (area === null || severity === null || effort === null || id === null || rule === null) return null;
  return {
    id,
    rule,
    area,
    severity,
    effort,
    title: stringAt(record, 'title') ?? rule,
    path: stringAt(record, 'path'),
    line: numberAt(record, 'line'),
    detail: stringAt(record, 'detail') ?? '',
    remedy: stringAt(record, 'remedy') ?? '',
    automatic: member(REMEDY_IDS, stringAt(record, 'automatic')),
  };
}
