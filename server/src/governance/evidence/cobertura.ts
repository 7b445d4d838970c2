import { coverageFigures, MalformedReport, type CoverageOf, type ReportContent } from './report.js';
import { attributeOf, childrenOf, numberOf, parseXml, type XmlElement } from './xml.js';

/**
 * Reads Cobertura XML: the sums that the report states, else its line elements counted, else its bare rates
 * (which cannot be summed with those of other reports).
 * @throws MalformedReport
 */
export function readCobertura(text: string): ReportContent {
  const root = childrenOf(parseXml(text), 'coverage')[0];
  if (root === undefined) throw new MalformedReport('it has no coverage element');
  const classes = childrenOf(root, 'packages')
    .flatMap((packages) => childrenOf(packages, 'package'))
    .flatMap((unit) => childrenOf(unit, 'classes'))
    .flatMap((list) => childrenOf(list, 'class'));
  const lines = classes.flatMap(linesOf);
  const methods = classes
    .flatMap((unit) => childrenOf(unit, 'methods'))
    .flatMap((list) => childrenOf(list, 'method'));
  const figures = {
    ...(stated(root, 'lines') ?? coverageFigures('lines', lines.filter(isHit).length, lines.length)),
    ...(stated(root, 'branches') ?? branchFigures(lines)),
    ...coverageFigures(
      'functions',
      methods.filter((method) => linesOf(method).some(isHit)).length,
      methods.length,
    ),
  };
  const bare = {
    ...bareRate(root, 'lines', 'line-rate', figures),
    ...bareRate(root, 'branches', 'branch-rate', figures),
  };
  const all = { ...figures, ...bare };
  const warnings = Object.keys(all).length === 0 ? ['It states no coverage.'] : [];
  return { figures: all, warnings, findings: [] };
}

const linesOf = (element: XmlElement): readonly XmlElement[] =>
  childrenOf(element, 'lines').flatMap((list) => childrenOf(list, 'line'));

const isHit = (line: XmlElement): boolean => (numberOf(line, 'hits') ?? 0) > 0;

/** Null where the sums are not stated, or are zero although the report may list lines. */
function stated(root: XmlElement, of: CoverageOf): Record<string, number> | null {
  const total = numberOf(root, `${of}-valid`);
  const covered = numberOf(root, `${of}-covered`);
  return total === null || covered === null || total === 0 ? null : coverageFigures(of, covered, total);
}

/** Branches stand at their line as `condition-coverage="50% (1/2)"`. */
function branchFigures(lines: readonly XmlElement[]): Record<string, number> {
  let covered = 0;
  let total = 0;
  for (const line of lines) {
    const match = /\((\d+)\/(\d+)\)/.exec(attributeOf(line, 'condition-coverage') ?? '');
    covered += Number(match?.[1] ?? 0);
    total += Number(match?.[2] ?? 0);
  }
  return coverageFigures('branches', covered, total);
}

function bareRate(
  root: XmlElement,
  of: 'lines' | 'branches',
  attribute: string,
  known: Readonly<Record<string, number>>,
): Record<string, number> {
  // Writers put a rate of 0 where there was nothing to measure, beside a sum of 0: that is no rate.
  const rate = numberOf(root, `${of}-valid`) === null ? numberOf(root, attribute) : null;
  if (rate === null || known[`coverage.${of}`] !== undefined) return {};
  if (rate > 1) throw new MalformedReport(`its ${attribute} is more than 1`);
  return { [`coverage.${of}`]: rate };
}
