import { isRecord, listAt, numberAt, recordAt, recordsAt, stringAt, type JsonRecord } from '../json.js';
import type { StepExchange } from '../step-exchange.js';

/** What the earlier phases came to, read from their artifacts. A part that is missing is null or empty. */
export interface Outcome {
  readonly commits: readonly DoneItem[];
  readonly remaining: readonly RemainingItem[];
  readonly tests: {
    readonly before: TestFacts | null;
    readonly after: TestFacts | null;
    readonly reason: string | null;
  };
  readonly secrets: number | null;
  readonly vulnerable: number | null;
  /** Why there is no audit; null where there is one. */
  readonly auditNote: string | null;
}

export interface DoneItem {
  readonly commit: string;
  readonly title: string;
  readonly files: number;
}

export interface RemainingItem {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly occurrences: number;
  readonly remedy: string;
}

export interface TestFacts {
  readonly total: number | null;
  readonly passed: number | null;
  readonly failed: number | null;
  readonly passRate: number | null;
  readonly coverage: number | null;
}

/** Reads the plan, the implementation report, the test results, the audit and the secrets. */
export async function readOutcome(exchange: StepExchange): Promise<Outcome> {
  const report = await exchange.earlierJson('implementation_report.json');
  const plan = await exchange.earlierJson('hardening_plan.json');
  const qa = await exchange.earlierJson('qa_results.json');
  const audit = await exchange.earlierJson('audit.json');
  const secrets = await exchange.earlierJson('secrets.json');
  const remedies = recordsAt(report, 'remedies').filter((one) => stringAt(one, 'outcome') === 'committed');
  const done = new Set(remedies.map((one) => stringAt(one, 'remedy')));
  return {
    commits: remedies.map(doneItem),
    remaining: recordsAt(plan, 'items')
      .filter((item) => !done.has(stringAt(item, 'automatic')))
      .map(remainingItem),
    tests: {
      before: testFacts(recordAt(qa, 'before')),
      after: testFacts(recordAt(qa, 'after')),
      reason: stringAt(qa, 'reason'),
    },
    secrets: secrets?.['measured'] === true ? numberAt(secrets, 'total') : null,
    vulnerable: audit?.['measured'] === true ? numberAt(audit, 'total') : null,
    auditNote:
      audit?.['measured'] === true
        ? null
        : (listAt(audit, 'notes').find((note) => typeof note === 'string') ?? null),
  };
}

const doneItem = (one: JsonRecord): DoneItem => ({
  commit: stringAt(one, 'commit') ?? '',
  title: stringAt(one, 'title') ?? '',
  files: listAt(one, 'paths').length,
});

const remainingItem = (item: JsonRecord): RemainingItem => ({
  id: stringAt(item, 'id') ?? '',
  title: stringAt(item, 'title') ?? '',
  severity: stringAt(item, 'severity') ?? '',
  occurrences: numberAt(item, 'occurrences') ?? 0,
  remedy: stringAt(item, 'remedy') ?? '',
});

function testFacts(run: JsonRecord | null): TestFacts | null {
  if (!isRecord(run) || run['passed'] === null) return null;
  const tests = recordAt(run, 'tests');
  return {
    total: numberAt(tests, 'total'),
    passed: numberAt(tests, 'passed'),
    failed: numberAt(tests, 'failed'),
    passRate: numberAt(run, 'pass_rate'),
    coverage: numberAt(run, 'coverage_lines'),
  };
}
