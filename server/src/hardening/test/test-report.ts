import { code, codeBlock, document, percent, plain, table } from '../domain/markdown.js';
import type { Comparison, TreeRun } from './compare.js';
import type { SuiteRun } from './run-suite.js';

const WORDS: Readonly<Record<Comparison, string>> = {
  'not measured': 'Not measured.',
  'only after': 'Measured after the changes only: there was nothing to compare with.',
  same: 'The changes made no difference to the tests.',
  better: 'More tests pass after the changes than before.',
  worse: 'Fewer tests pass after the changes than before.',
};

export interface TestReport {
  /** Why nothing was measured; null where something was. */
  readonly reason: string | null;
  readonly comparison: Comparison;
  readonly before: TreeRun | null;
  readonly after: TreeRun | null;
}

/** The tests before and after for people. */
export function testMarkdown({ reason, comparison, before, after }: TestReport): string {
  return document(
    '# Test report',
    '## Summary',
    reason === null ? WORDS[comparison] : `Not measured: ${plain(reason)}.`,
    table(
      ['State', 'Commit', 'Result', 'Tests', 'Passed', 'Failed', 'Skipped', 'Coverage', 'Seconds'],
      [...row('before', before), ...row('after', after)],
    ),
    '## Commands',
    commands(after ?? before),
    '## Output',
    outputs('After', after) || outputs('Before', before) || 'There is none.',
  );
}

function row(state: string, run: TreeRun | null): readonly (readonly string[])[] {
  if (run === null) return [];
  const { tests } = run;
  const counts = [tests?.total, tests?.passed, tests?.failed, tests?.skipped].map(
    (count) => `${count ?? 'not measured'}`,
  );
  const result = run.passed === null ? 'not run' : run.passed ? 'passed' : 'failed';
  const coverage = percent(run.coverage_lines);
  return [
    [state, code(run.commit.slice(0, 12)), result, ...counts, coverage, run.duration_seconds.toFixed(1)],
  ];
}

const commands = (run: TreeRun | null): string =>
  (run?.suites ?? []).map(commandText).join('\n') || 'None found.';

function commandText(suite: SuiteRun): string {
  const why = suite.reason === null ? '' : ` (${plain(suite.reason)})`;
  return `- ${code(suite.command)}, from ${plain(suite.found)}: ${suite.state}${why}`;
}

const outputs = (title: string, run: TreeRun | null): string =>
  (run?.suites ?? [])
    .filter(({ output }) => output !== '')
    .map((suite) => `### ${title}: ${suite.name}\n\n${codeBlock(suite.output)}`)
    .join('\n\n');
