import { numberAt, parseJsonObject, recordAt, recordsAt, textAt, type JsonObject } from './json.js';
import { MalformedReport, testFigures, type ReportContent, type TestCounts } from './report.js';

/**
 * Reads a CTRF report (Common Test Report Format). The tests are counted where they are listed; where the
 * summary states more failures than the list shows, the summary counts. Times in the report are milliseconds.
 * @throws MalformedReport
 */
export function readCtrf(text: string): ReportContent {
  const results = recordAt(parseJsonObject(text), 'results');
  if (results === null) throw new MalformedReport('it has no results');
  const tests = recordsAt(results, 'tests');
  const summary = recordAt(results, 'summary') ?? {};
  const seconds = secondsOf(summary, tests);
  const stated = countSummary(summary, seconds);
  const listed = tests.length === 0 ? null : countTests(tests, seconds);
  const counts = listed !== null && (stated === null || stated.failed <= listed.failed) ? listed : stated;
  if (counts === null) throw new MalformedReport('it has neither tests nor a summary with counts');
  const warnings =
    listed !== null && counts === stated
      ? ['Its summary states more failures than its tests show; they count.']
      : [];
  return { figures: testFigures(counts), warnings, findings: [] };
}

function countTests(tests: readonly JsonObject[], seconds: number | null): TestCounts {
  const count = (...statuses: string[]): number =>
    tests.filter((test) => statuses.includes(textAt(test, 'status') ?? '')).length;
  return {
    total: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped', 'pending'),
    seconds,
  };
}

function countSummary(summary: JsonObject, seconds: number | null): TestCounts | null {
  const total = numberAt(summary, 'tests');
  const passed = numberAt(summary, 'passed');
  const failed = numberAt(summary, 'failed');
  if (total === null || passed === null || failed === null) return null;
  const skipped = (numberAt(summary, 'skipped') ?? 0) + (numberAt(summary, 'pending') ?? 0);
  if (passed + failed + skipped > total) throw new MalformedReport('its summary has more results than tests');
  return { total, passed, failed, skipped, seconds };
}

function secondsOf(summary: JsonObject, tests: readonly JsonObject[]): number | null {
  const start = numberAt(summary, 'start');
  const stop = numberAt(summary, 'stop');
  if (start !== null && stop !== null && stop > start) return (stop - start) / 1000;
  const durations = tests.map((test) => numberAt(test, 'duration')).filter((each) => each !== null);
  return durations.length === 0 ? null : durations.reduce((a, b) => a + b, 0) / 1000;
}
