/** Counts of tests as a tool states them. */
export interface TestCounts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Reader = (text: string) => TestCounts | null;

const READERS: readonly Reader[] = [nodeTest, jest, vitest, mocha, ava, pytest, unittest, cargo, dotnet];

/**
 * Reads the summary that test tools print at the end: node:test, jest, vitest, mocha, AVA, pytest, unittest, cargo
 * and dotnet. null where no known summary is there: then nothing is known of the counts.
 */
export function countsFromOutput(output: string): TestCounts | null {
  const text = output.replace(/\u001b\[[0-9;]*[A-Za-z]/gu, '');
  for (const read of READERS) {
    const counts = read(text);
    if (counts !== null) return counts;
  }
  return null;
}

const counts = (passed: number, failed: number, skipped: number): TestCounts => ({
  total: passed + failed + skipped,
  passed,
  failed,
  skipped,
});

const number = (match: RegExpExecArray | null | undefined): number => Number(match?.[1] ?? 0);

/** The last match of a pattern, since summaries stand at the end. */
const last = (pattern: RegExp, text: string): RegExpExecArray | null =>
  [...text.matchAll(pattern)].at(-1) ?? null;

function nodeTest(text: string): TestCounts | null {
  const of = (word: string): RegExpExecArray | null =>
    last(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gmu'), text);
  if (of('tests') === null || of('pass') === null) return null;
  return counts(
    number(of('pass')),
    number(of('fail')) + number(of('cancelled')),
    number(of('skipped')) + number(of('todo')),
  );
}

function jest(text: string): TestCounts | null {
  const line = last(/^Tests:\s+(.*\d+ total)$/gmu, text)?.[1];
  if (line === undefined) return null;
  const of = (word: string): number => number(new RegExp(`(\\d+) ${word}`, 'u').exec(line));
  return counts(of('passed'), of('failed'), of('skipped') + of('todo'));
}

function vitest(text: string): TestCounts | null {
  const line = last(/^\s*Tests\s+(.*\(\d+\))$/gmu, text)?.[1];
  if (line === undefined) return null;
  const of = (word: string): number => number(new RegExp(`(\\d+) ${word}`, 'u').exec(line));
  return counts(of('passed'), of('failed'), of('skipped') + of('todo'));
}

function mocha(text: string): TestCounts | null {
  const passing = last(/^\s*(\d+) passing\b/gmu, text);
  const failing = last(/^\s*(\d+) failing\b/gmu, text);
  if (passing === null && failing === null) return null;
  return counts(number(passing), number(failing), number(last(/^\s*(\d+) pending\b/gmu, text)));
}

function ava(text: string): TestCounts | null {
  const of = (word: string): RegExpExecArray | null =>
    last(new RegExp(`^\\s*(\\d+) tests? ${word}$`, 'gmu'), text);
  if (of('passed') === null && of('failed') === null) return null;
  return counts(number(of('passed')), number(of('failed')), number(of('skipped')) + number(of('todo')));
}

function pytest(text: string): TestCounts | null {
  const line = last(
    /^(?:=+ )?((?:\d+ (?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)(?:, )?)+ in [\d.]+s.*)$/gmu,
    text,
  )?.[1];
  if (line === undefined) return null;
  const of = (word: string): number => number(new RegExp(`(\\d+) ${word}`, 'u').exec(line));
  return counts(of('passed') + of('xpassed'), of('failed') + of('error'), of('skipped') + of('xfailed'));
}

function unittest(text: string): TestCounts | null {
  const ran = last(/^Ran (\d+) tests? in /gmu, text);
  const end = last(/^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/gmu, text);
  if (ran === null || end === null) return null;
  const of = (word: string): number => number(new RegExp(`\\b${word}=(\\d+)`, 'u').exec(end[1] ?? ''));
  const failed = of('failures') + of('errors') + of('unexpected successes');
  const skipped = of('skipped') + of('expected failures');
  return counts(Math.max(0, number(ran) - failed - skipped), failed, skipped);
}

/** One line for every test binary; they are added up. */
function cargo(text: string): TestCounts | null {
  const lines = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gmu)];
  if (lines.length === 0) return null;
  const sum = (group: number): number => lines.reduce((total, line) => total + Number(line[group] ?? 0), 0);
  return counts(sum(1), sum(2), sum(3));
}

function dotnet(text: string): TestCounts | null {
  const lines = [...text.matchAll(/Failed:\s+(\d+), Passed:\s+(\d+), Skipped:\s+(\d+), Total:/gu)];
  if (lines.length === 0) return null;
  const sum = (group: number): number => lines.reduce((total, line) => total + Number(line[group] ?? 0), 0);
  return counts(sum(2), sum(1), sum(3));
}

/** Counts of `go test -json`: one JSON object per line; only named tests count. */
export function countsFromGo(output: string): TestCounts | null {
  const tests = [...output.matchAll(/^\{.*"Action":"(pass|fail|skip)".*"Test":"[^"]+".*\}$/gmu)].map(
    ([, action]) => action,
  );
  const of = (action: string): number => tests.filter((one) => one === action).length;
  return tests.length === 0 ? null : counts(of('pass'), of('fail'), of('skip'));
}

/** Counts of several suites together; null where none is known. */
export function addCounts(all: readonly (TestCounts | null)[]): TestCounts | null {
  const known = all.filter((one) => one !== null);
  if (known.length === 0) return null;
  const sum = (pick: (one: TestCounts) => number): number =>
    known.reduce((total, one) => total + pick(one), 0);
  return counts(
    sum((one) => one.passed),
    sum((one) => one.failed),
    sum((one) => one.skipped),
  );
}

/** Passed of those that ran, 0–1; null where none ran. */
export const passRate = ({ total, passed, skipped }: TestCounts): number | null =>
  total > skipped ? passed / (total - skipped) : null;
