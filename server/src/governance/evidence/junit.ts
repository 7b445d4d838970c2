import { MalformedReport, testFigures, type ReportContent, type TestCounts } from './report.js';
import { attributeOf, childrenOf, numberOf, parseXml, type XmlElement } from './xml.js';

const EMPTY: TestCounts = { total: 0, passed: 0, failed: 0, skipped: 0, seconds: null };

/**
 * Reads JUnit XML. The test cases are counted, since their sums in attributes are often wrong; a suite that
 * states failures or errors which none of its cases shows (it broke before they ran) counts those as failed.
 * @throws MalformedReport
 */
export function readJunit(text: string): ReportContent {
  const document = parseXml(text);
  const roots = [...childrenOf(document, 'testsuites'), ...childrenOf(document, 'testsuite')];
  if (roots.length === 0) throw new MalformedReport('it has no testsuites or testsuite element');
  const warnings: string[] = [];
  const counts = sum(roots.map((root) => countSuite(root, warnings)));
  return { figures: testFigures(counts), warnings, findings: [] };
}

function countSuite(suite: XmlElement, warnings: string[]): TestCounts {
  const parts = [
    ...childrenOf(suite, 'testsuite').map((child) => countSuite(child, warnings)),
    ...childrenOf(suite, 'testcase').map(countCase),
  ];
  const counted = sum(parts);
  const seconds = numberOf(suite, 'time') ?? counted.seconds;
  const stated = (numberOf(suite, 'failures') ?? 0) + (numberOf(suite, 'errors') ?? 0);
  if (counted.failed > 0 || stated === 0) return { ...counted, seconds };
  const name = (attributeOf(suite, 'name') ?? 'without a name').slice(0, 100);
  warnings.push(
    `Suite ${name} states ${stated} failed tests that none of its cases shows; they count as failed.`,
  );
  return { ...counted, total: counted.total + stated, failed: stated, seconds };
}

function countCase(test: XmlElement): TestCounts {
  const seconds = numberOf(test, 'time');
  const has = (name: string): boolean => childrenOf(test, name).length > 0;
  if (has('failure') || has('error')) return { ...EMPTY, total: 1, failed: 1, seconds };
  const status = attributeOf(test, 'status')?.toLowerCase() ?? '';
  if (has('skipped') || ['notrun', 'skipped', 'disabled'].includes(status)) {
    return { ...EMPTY, total: 1, skipped: 1, seconds };
  }
  return { ...EMPTY, total: 1, passed: 1, seconds };
}

const sum = (parts: readonly TestCounts[]): TestCounts =>
  parts.reduce(
    (a, b) => ({
      total: a.total + b.total,
      passed: a.passed + b.passed,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
      seconds: a.seconds === null && b.seconds === null ? null : (a.seconds ?? 0) + (b.seconds ?? 0),
    }),
    EMPTY,
  );
