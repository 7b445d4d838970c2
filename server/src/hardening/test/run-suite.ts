import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { readEvidence } from '../../governance/evidence/read-evidence.js';
import { addCounts, countsFromGo, countsFromOutput, type TestCounts } from '../domain/test-output.js';
import { readRegularFile } from '../repository.js';
import { runProcess, type ProcessResult } from '../run-process.js';
import { prepare, shown } from './prepare.js';
import type { Suite, SuiteMaker } from './suite.js';

/** What one run of one suite came to. */
export interface SuiteRun {
  readonly name: string;
  readonly command: string;
  readonly found: string;
  readonly state: 'passed' | 'failed' | 'timed out' | 'not run';
  /** Why it could not be run, or what went wrong before; null where there is nothing to say. */
  readonly reason: string | null;
  readonly exit_code: number | null;
  readonly duration_seconds: number;
  /** null: the tool says nothing that can be read. */
  readonly tests: TestCounts | null;
  /** 0–1; null where no report was left. */
  readonly coverage_lines: number | null;
  /** The end of what was printed. */
  readonly output: string;
  /** JUnit reports as they were written. */
  readonly junit: readonly string[];
}

const MAX_OUTPUT = 256 * 1024;
const MAX_GO_OUTPUT = 64 * 1024 * 1024;
const SHOWN_OUTPUT = 12_000;
const MAX_REPORT_BYTES = 8 * 1024 * 1024;
const MAX_REPORTS = 200;
const COVERAGE = [
  ['lcov', ['coverage/lcov.info', 'lcov.info']],
  ['cobertura', ['coverage.xml', 'coverage/cobertura-coverage.xml']],
] as const;

/** Runs a suite in a work tree until `deadline` (milliseconds of `performance.now`). */
export async function runSuite(
  make: SuiteMaker,
  worktree: string,
  variables: Readonly<Record<string, string | undefined>>,
  deadline: number,
): Promise<SuiteRun> {
  const reports = await mkdtemp(join(tmpdir(), 'harden-reports-'));
  try {
    const suite = make({ reports });
    const env = { ...testEnvironment(variables), ...suite.env };
    const run = (argv: readonly string[], maxBytes: number): Promise<ProcessResult> =>
      runProcess(argv, {
        cwd: worktree,
        env,
        timeoutMs: Math.max(1, deadline - performance.now()),
        maxBytes,
      });
    const setup = await prepare(suite, (argv) => run(argv, MAX_OUTPUT));
    if (setup.kind === 'impossible') return notRun(suite, setup.reason);
    const result = await run(suite.command, suite.counts === 'go' ? MAX_GO_OUTPUT : MAX_OUTPUT);
    return await describe(suite, result, setup.note, worktree);
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

/** Tests do not see what the step was given for its own reports: they cannot write its results. */
function testEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const hidden = new Set([
    'ORCHESTRATOR_OUTPUT',
    'ORCHESTRATOR_ARTIFACTS',
    'ORCHESTRATOR_CONTEXT',
    'ORCHESTRATOR_INTAKE',
  ]);
  return {
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !hidden.has(name))),
    CI: 'true',
  };
}

const notRun = (suite: Suite, reason: string): SuiteRun => ({
  name: suite.name,
  command: shown(suite.command),
  found: suite.found,
  state: 'not run',
  reason,
  exit_code: null,
  duration_seconds: 0,
  tests: null,
  coverage_lines: null,
  output: '',
  junit: [],
});

async function describe(
  suite: Suite,
  result: ProcessResult,
  setup: string | null,
  worktree: string,
): Promise<SuiteRun> {
  const output = `${result.stdout.toString()}\n${result.stderr.toString()}`;
  const junit = await reportsOf(suite, worktree);
  if (result.missing) return notRun(suite, `${shown(suite.command.slice(0, 1))} is not installed here`);
  const counts =
    (await countsOfJunit(junit)) ?? (suite.counts === 'go' ? countsFromGo(output) : countsFromOutput(output));
  const about = { name: suite.name, command: shown(suite.command), found: suite.found };
  return {
    ...about,
    state: stateOf(result),
    reason: setup,
    exit_code: result.code,
    duration_seconds: result.durationMs / 1000,
    tests: counts,
    coverage_lines: await coverageOf(worktree),
    output: output.trim().replaceAll(worktree, '.').slice(-SHOWN_OUTPUT),
    junit,
  };
}

function stateOf(result: ProcessResult): SuiteRun['state'] {
  if (result.timedOut) return 'timed out';
  return result.code === 0 ? 'passed' : 'failed';
}

async function reportsOf(suite: Suite, worktree: string): Promise<readonly string[]> {
  const inTree = suite.junit.filter((path) => !path.startsWith('/'));
  const options = { cwd: worktree, absolute: true, followSymbolicLinks: false };
  const found = inTree.length === 0 ? [] : await glob(inTree, options);
  const paths = [...suite.junit.filter((path) => path.startsWith('/')), ...found.sort()].slice(
    0,
    MAX_REPORTS,
  );
  const contents = await Promise.all(paths.map((path) => readRegularFile(path, MAX_REPORT_BYTES)));
  return contents.filter((content) => content !== null).map(String);
}

async function figures(
  format: 'junit' | 'lcov' | 'cobertura',
  content: Buffer,
): Promise<ReadonlyMap<string, number>> {
  const { measurements } = await readEvidence(format, content, { path: format, sha256: null, stepId: null });
  return new Map(measurements.map(({ name, value }) => [name, value]));
}

async function countsOfJunit(reports: readonly string[]): Promise<TestCounts | null> {
  const all = await Promise.all(reports.map((report) => figures('junit', Buffer.from(report))));
  return addCounts(
    all.map((found) => {
      const of = (name: string): number => found.get(`tests.${name}`) ?? 0;
      const counts = {
        total: of('total'),
        passed: of('passed'),
        failed: of('failed'),
        skipped: of('skipped'),
      };
      return found.has('tests.total') ? counts : null;
    }),
  );
}

/** A report that the tests left in the work tree. */
async function coverageOf(worktree: string): Promise<number | null> {
  for (const [format, paths] of COVERAGE) {
    for (const path of paths) {
      const content = await readRegularFile(join(worktree, path), MAX_REPORT_BYTES);
      const lines = content === null ? undefined : (await figures(format, content)).get('coverage.lines');
      if (lines !== undefined) return lines;
    }
  }
  return null;
}
