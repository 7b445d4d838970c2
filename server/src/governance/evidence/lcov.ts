import { lcovParser, type SectionSummary, type Summary } from '@friedemannsommer/lcov-parser';
import { coverageFigures, MalformedReport, type CoverageOf, type ReportContent } from './report.js';

interface Hits {
  /** Whether it was hit, by what it is: `file:line`, `file:function` … */
  readonly seen: Map<string, boolean>;
  /** Counts of files that state only sums. */
  covered: number;
  total: number;
}

/**
 * Reads an lcov trace file. Lines, branches and functions are counted where they are listed, once a file even
 * where several tests list them; else the sums (`LF`, `LH` …) count.
 * @throws MalformedReport
 */
export async function readLcov(content: Buffer): Promise<ReportContent> {
  const sections = await lcovParser({ from: content });
  if (sections.length === 0) throw new MalformedReport('it has no SF record');
  const of = (
    name: CoverageOf,
    key: (section: SectionSummary, index: number) => string,
  ): Record<string, number> => {
    const hits: Hits = { seen: new Map(), covered: 0, total: 0 };
    for (const section of sections)
      collect(hits, section[name], section.path, (index) => key(section, index));
    const listed = [...hits.seen.values()];
    return coverageFigures(name, hits.covered + listed.filter(Boolean).length, hits.total + listed.length);
  };
  const figures = {
    ...of('lines', ({ lines }, index) => String(lines.details[index]?.line)),
    ...of('branches', ({ branches }, index) => {
      const detail = branches.details[index];
      return `${detail?.line}:${detail?.block}:${detail?.branch}`;
    }),
    ...of(
      'functions',
      ({ functions }, index) => `${functions.details[index]?.name}:${functions.details[index]?.line}`,
    ),
  };
  const warnings = Object.keys(figures).length === 0 ? ['It lists no lines, branches or functions.'] : [];
  return { figures, warnings, findings: [] };
}

function collect(
  hits: Hits,
  { details, hit, instrumented }: Summary<{ readonly hit: number; readonly line: number }>,
  path: string,
  key: (index: number) => string,
): void {
  details.forEach((detail, index) => {
    const id = `${path}:${key(index)}`;
    hits.seen.set(id, hits.seen.get(id) === true || detail.hit > 0);
  });
  if (details.length > 0) return;
  if (!(instrumented >= 0 && hit >= 0))
    throw new MalformedReport(`a sum of ${path.slice(0, 100)} is negative`);
  hits.covered += hit;
  hits.total += instrumented;
}
