import { countFindings, type HygieneCounts } from '../domain/scores.js';
import type { HygieneFinding, HygieneKind } from '../domain/evidence.js';
import type { ReadableFile } from '../content/text.js';

/** A file to inspect; the digest (lower-case hex SHA-256) where it is known already. */
export interface InspectedFile extends ReadableFile {
  readonly sha256?: string | null;
}

/** Bounds of an inspection; sizes in bytes. */
export interface InspectionLimits {
  readonly files: number;
  readonly bytesPerFile: number;
  readonly bytesInAll: number;
  readonly findings: number;
}

export const INSPECTION_LIMITS: InspectionLimits = {
  files: 10_000,
  bytesPerFile: 2 * 1024 ** 2,
  bytesInAll: 512 * 1024 ** 2,
  findings: 1000,
};

export interface HygieneInspection {
  /** At most the limit's number; `counts` has all. */
  readonly findings: readonly HygieneFinding[];
  readonly counts: HygieneCounts;
  /** Findings that were counted but not kept. */
  readonly omittedFindings: number;
  readonly inspectedFiles: number;
  /** Sentences about what was not looked at, because a limit was reached. */
  readonly notes: readonly string[];
}

/** Findings as they come in: all are counted, the first are kept. */
export class FindingLog {
  private readonly kept: HygieneFinding[] = [];
  private readonly counts = { ...countFindings([]) };

  constructor(private readonly limit: number) {}

  add(kind: HygieneKind, path: string, line: number | null, message: string): void {
    this.counts[kind] += 1;
    if (this.kept.length < this.limit) this.kept.push({ kind, path, line, message });
  }

  result(inspectedFiles: number, notes: readonly string[]): HygieneInspection {
    const counted = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    return {
      findings: this.kept,
      counts: this.counts,
      omittedFindings: counted - this.kept.length,
      inspectedFiles,
      notes,
    };
  }
}
