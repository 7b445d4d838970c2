import { describeSize } from '../content/wording.js';
import type { EvidenceFormat } from '../../workflow/domain/profile.js';
import { decodeText } from '../content/text.js';
import type { Measurement } from '../domain/evidence.js';
import { readCobertura } from './cobertura.js';
import { readCtrf } from './ctrf.js';
import { readJunit } from './junit.js';
import { readLcov } from './lcov.js';
import { readNpmAudit } from './npm-audit.js';
import { MalformedReport, type ReportContent, type ReportFinding, type ReportSource } from './report.js';
import { readSarif } from './sarif-reader.js';

/** Reports larger than this, in bytes, are not read. */
export const MAX_REPORT_BYTES = 32 * 1024 ** 2;

export interface EvidenceReading {
  readonly measurements: readonly Measurement[];
  /** Sentences for a person; a report that could not be read is one, and measures nothing. */
  readonly warnings: readonly string[];
  /** What the report names one by one: results of SARIF, packages of an audit. */
  readonly findings: readonly ReportFinding[];
}

/** Reads the figures of a report. Never throws: a malformed or hostile report is a warning. */
export async function readEvidence(
  format: EvidenceFormat,
  content: Buffer,
  source: ReportSource,
): Promise<EvidenceReading> {
  const say = (what: string): string => `${source.path} (${format}): ${what}`;
  if (content.length > MAX_REPORT_BYTES) {
    const limit = describeSize(MAX_REPORT_BYTES);
    return {
      measurements: [],
      warnings: [say(`not read, because it is larger than ${limit}.`)],
      findings: [],
    };
  }
  try {
    const { figures, warnings, findings } = await readFormat(format, content);
    return { measurements: measured(figures, source), warnings: warnings.map(say), findings };
  } catch (error) {
    // Whatever a report makes a parser throw, it is the report that cannot be read: its step is not lost for it.
    const reason = error instanceof MalformedReport ? error.message : 'its parser gave up';
    return { measurements: [], warnings: [say(`not read, because ${reason}.`)], findings: [] };
  }
}

function measured(figures: Readonly<Record<string, number>>, source: ReportSource): readonly Measurement[] {
  return Object.entries(figures).map(([name, value]) => ({
    name,
    value,
    source: source.path,
    sha256: source.sha256,
    stepId: source.stepId,
  }));
}

async function readFormat(format: EvidenceFormat, content: Buffer): Promise<ReportContent> {
  if (format === 'lcov') return readLcov(content);
  const text = decodeText(content);
  if (text === null) throw new MalformedReport('it is binary');
  switch (format) {
    case 'junit':
      return readJunit(text);
    case 'cobertura':
      return readCobertura(text);
    case 'sarif':
      return readSarif(text);
    case 'npm_audit':
      return readNpmAudit(text);
    case 'ctrf':
      return readCtrf(text);
  }
}
