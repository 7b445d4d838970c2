import fc from 'fast-check';
import type {
  ExecutorDefinition,
  PhaseDefinition,
  ProfileDefinition,
  StepDefinition,
} from '../../src/workflow/domain/profile.js';

const executor: fc.Arbitrary<ExecutorDefinition> = fc.oneof(
  fc.constant<ExecutorDefinition>({ kind: 'command', command: 'true' }),
  fc.boolean().map((callback): ExecutorDefinition => ({
    kind: 'http',
    method: 'POST',
    url: 'https://example.org/',
    headers: {},
    body: null,
    expect: [],
    callback,
  })),
  fc.constant<ExecutorDefinition>({
    ...{ kind: 'llm', role: 'r', task: 't', model: 'default', maxSteps: 1, tools: [], maxTokens: null },
  }),
  fc
    .option(fc.constant(60_000))
    .map((claimTimeoutMs): ExecutorDefinition => ({ kind: 'worker', labels: [], claimTimeoutMs })),
  fc.option(fc.constant(60_000)).map((approvalTimeoutMs): ExecutorDefinition => ({
    ...{ kind: 'approval', role: 'member', count: 1, selfApproval: true },
    approvalTimeoutMs,
  })),
);

const when = fc.constantFrom(null, null, null, 'parameters.on', '!parameters.on');

/** A step whose needs are among the steps before it, so that the graph has no circle. */
const step = fc.record({
  executor,
  when,
  needs: fc.array(fc.nat(3), { maxLength: 2 }),
  tries: fc.integer({ min: 1, max: 3 }),
});

const steps: fc.Arbitrary<StepDefinition[]> = fc.array(step, { minLength: 1, maxLength: 4 }).map((drawn) =>
  drawn.map((one, index) => ({
    id: `s${String(index)}`,
    agent: `a${String(index)}`,
    needs: [...new Set(one.needs.filter((need) => need < index))].map((need) => `s${String(need)}`),
    when: one.when,
    timeoutMs: 60_000,
    retry: { attempts: one.tries, backoffMs: 2000, exitCodes: false },
    ...{ env: {}, secrets: [], artifacts: [], evidence: [] },
    executor: one.executor,
  })),
);

const phases: fc.Arbitrary<PhaseDefinition[]> = fc
  .array(fc.record({ steps, when, optional: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .map((drawn) =>
    drawn.map((one, index) => ({ name: `p${String(index)}`, title: `P${String(index)}`, gates: [], ...one })),
  );

const profile: fc.Arbitrary<ProfileDefinition> = phases.map((drawn) => ({
  apiVersion: 'orchestrator/v1',
  ...{ name: 'random', title: 'Random', description: '', repository: 'none', parameters: null },
  budget: { maxCostUsd: null, maxTokens: null },
  concurrency: null,
  priority: 0,
  phases: drawn,
}));

/** A profile and what a run of it was created with. */
export interface Scenario {
  readonly profile: ProfileDefinition;
  readonly on: boolean;
  readonly autoAdvance: boolean;
}

/** Runs of random profiles: graphs of steps, executors, optional phases and conditions as they may be. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  profile,
  on: fc.boolean(),
  autoAdvance: fc.boolean(),
});

/** What chance decides of one command: which of the possible ones, about what, and how long after the one before. */
export interface Dice {
  readonly which: number;
  readonly about: number;
  readonly outcome: number;
  readonly passedMs: number;
}

export const dice: fc.Arbitrary<Dice> = fc.record({
  which: fc.nat(9999),
  about: fc.nat(9999),
  outcome: fc.nat(9999),
  passedMs: fc.oneof(fc.nat(100), fc.nat(5000), fc.nat(40_000)),
});
