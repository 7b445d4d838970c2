import type { Git } from '../git.js';
import { stringAt } from '../json.js';
import { numberParameter, openRepository, switchParameter, type Part, type PhaseContext } from '../phase.js';
import { compare, summarise, type TreeRun } from './compare.js';
import { detectSuites } from './detect.js';
import { runSuite, type SuiteRun } from './run-suite.js';
import type { SuiteMaker } from './suite.js';
import { testMarkdown, type TestReport } from './test-report.js';
import { inWorktree, isCommit } from './worktree.js';

const DEFAULT_MINUTES = 10;

/** Runs the repository's own tests before and after the changes. */
export const test: Part = async (context) => {
  const report = await measure(context);
  const { exchange } = context;
  const { reason, comparison, before, after } = report;
  const measured = after !== null && after.passed !== null;
  await exchange.json('qa_results.json', {
    measured,
    reason,
    comparison,
    before: bare(before),
    after: bare(after),
  });
  await exchange.text('test_report.md', testMarkdown(report));
  await saveJunit(context, 'before', before);
  await saveJunit(context, 'after', after);
  await reportMetrics(context, report);
  if (reason !== null) await exchange.warning(`Tests not measured: ${reason}.`);
  if (comparison === 'worse') await exchange.warning('Fewer tests pass after the changes than before.');
  await exchange.summary(summaryOf(report));
};

async function measure(context: PhaseContext): Promise<TestReport> {
  const not = (reason: string): TestReport => ({
    reason,
    comparison: 'not measured',
    before: null,
    after: null,
  });
  if (!switchParameter(context, 'run_tests', true)) return not('the run turns the tests off');
  const { git, exchange } = context;
  const makers = await detectSuites(await openRepository(context), context.variables);
  if (makers.length === 0) return not('no test command was found');
  const head = await git.text(['rev-parse', 'HEAD']);
  const base = stringAt(await exchange.earlierJson('implementation_report.json'), 'base_commit');
  const known = base !== null && (await isCommit(git, base));
  const before = known ? await runTree(context, base, makers) : null;
  // What could not be run before the changes cannot be run after them either.
  const again = before === null || (before.passed !== null && base !== head);
  const after = again ? await runTree(context, head, makers) : before;
  const reason =
    after.passed === null ? (after.suites[0]?.reason ?? 'the test command could not be run') : null;
  return { reason, comparison: compare(before, after), before, after };
}

/** Runs every suite in a fresh work tree; all of them together have the run's `test_timeout_minutes`. */
async function runTree(
  context: PhaseContext,
  commit: string,
  makers: readonly SuiteMaker[],
): Promise<TreeRun> {
  const minutes = numberParameter(context, 'test_timeout_minutes', DEFAULT_MINUTES);
  const deadline = performance.now() + minutes * 60_000;
  const suites: SuiteRun[] = [];
  for (const maker of makers) {
    const run = (tree: Git): Promise<SuiteRun> => runSuite(maker, tree.root, context.variables, deadline);
    suites.push(await inWorktree(context.git, commit, run));
  }
  return summarise(commit, suites);
}

/** Without the JUnit reports, which are artifacts of their own. */
const bare = (run: TreeRun | null): unknown =>
  run === null
    ? null
    : { ...run, suites: run.suites.map(({ junit, ...rest }) => ({ ...rest, junit: junit.length })) };

const MAX_REPORTS = 20;

async function saveJunit({ exchange }: PhaseContext, state: string, run: TreeRun | null): Promise<void> {
  const reports = (run?.suites ?? []).flatMap(({ name, junit }) =>
    junit.map((content) => ({ name, content })),
  );
  for (const [index, { name, content }] of reports.slice(0, MAX_REPORTS).entries()) {
    await exchange.text(`junit/${state}-${name}-${index + 1}.xml`, content);
  }
}

async function reportMetrics({ exchange }: PhaseContext, { before, after }: TestReport): Promise<void> {
  for (const [prefix, run] of [
    ['tests', after],
    ['tests_before', before],
  ] as const) {
    if (run === null || run.passed === null) continue;
    await exchange.metric(`${prefix}.total`, run.tests?.total ?? null);
    await exchange.metric(`${prefix}.passed`, run.tests?.passed ?? null);
    await exchange.metric(`${prefix}.failed`, run.tests?.failed ?? null);
    await exchange.metric(`${prefix}.skipped`, run.tests?.skipped ?? null);
    await exchange.metric(`${prefix}.pass_rate`, run.pass_rate);
    await exchange.metric(`${prefix}.duration_seconds`, run.duration_seconds);
  }
  await exchange.metric('coverage.lines', after?.coverage_lines ?? null);
}

function summaryOf({ reason, comparison, after }: TestReport): string {
  if (reason !== null) return `Not measured: ${reason}.`;
  const tests = after?.tests ?? null;
  const counts =
    tests === null ? 'The counts are not measured' : `${tests.passed} of ${tests.total} tests pass`;
  return `${counts}; compared with before: ${comparison}.`;
}
