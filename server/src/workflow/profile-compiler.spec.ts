import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import type { ProfileDefinition } from './domain/profile.js';
import type { LocatedProblem } from './parsing/profile-text.js';
import { compileProfile } from './profile-compiler.js';

type Source = Record<string, unknown>;

const command = (id: string, more: Source = {}): Source => ({ id, command: 'true', ...more });
const withPhase = (phase: Source, more: Source = {}): Source => ({
  apiVersion: 'orchestrator/v1',
  name: 'sample',
  title: 'Sample',
  ...more,
  phases: [{ name: 'one', steps: [command('a')], ...phase }],
});
const withStep = (step: Source, more: Source = {}): Source =>
  withPhase({ steps: [{ id: 'a', ...step }] }, more);
const withGate = (gate: Source): Source => withPhase({ gates: [{ id: 'g', ...gate }] });

function errorsOf(source: Source | string): readonly LocatedProblem[] {
  const compiled = compileProfile(typeof source === 'string' ? source : stringify(source), 'yaml');
  return compiled.kind === 'invalid' ? compiled.errors : [];
}

function definitionOf(source: Source): ProfileDefinition {
  const compiled = compileProfile(stringify(source), 'yaml');
  if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.errors));
  return compiled.definition;
}

const CHANNEL = { parameters: { type: 'object', properties: { channel: { type: 'string' } } } };
const LLM = { role: 'You test.', task: 'Test it.' };

describe('defaults', () => {
  it('fill in what a step leaves out', () => {
    expect(definitionOf(withStep({ command: 'true' })).phases[0]?.steps[0]).toEqual({
      id: 'a',
      agent: 'a',
      needs: [],
      when: null,
      timeoutMs: 1_800_000,
      retry: { attempts: 3, backoffMs: 2000, exitCodes: false },
      env: {},
      secrets: [],
      artifacts: [],
      evidence: [],
      executor: { kind: 'command', command: 'true' },
    });
  });

  it('come from the step, else the profile, else the product, each value for itself', () => {
    const defaults = { timeout: '10m', retry: { backoff: '9s' } };
    const step = definitionOf(withStep({ command: 'true', retry: { attempts: 5 } }, { defaults })).phases[0]
      ?.steps[0];
    expect([step?.timeoutMs, step?.retry]).toEqual([
      600_000,
      { attempts: 5, backoffMs: 9000, exitCodes: true },
    ]);
  });

  it('fill in every executor', () => {
    const executorOf = (step: Source): unknown => definitionOf(withStep(step)).phases[0]?.steps[0]?.executor;
    expect(executorOf({ llm: LLM })).toEqual({
      ...{ kind: 'llm', ...LLM, model: 'default', maxSteps: 20, maxTokens: null },
      tools: ['list', 'read', 'search', 'write'],
    });
    expect(executorOf({ worker: {} })).toEqual({ kind: 'worker', labels: [], claimTimeoutMs: null });
    expect(executorOf({ approval: {} })).toEqual({
      ...{ kind: 'approval', role: 'member', count: 1, selfApproval: false, approvalTimeoutMs: null },
    });
    expect(executorOf({ http: { url: 'https://example.org/hook', body: { a: 1 } } })).toEqual({
      ...{ kind: 'http', method: 'POST', url: 'https://example.org/hook', headers: {}, body: '{"a":1}' },
      ...{ expect: [200, 201, 202, 204], callback: false },
    });
  });

  it('fill in every kind of gate', () => {
    const gateOf = (gate: Source): unknown => definitionOf(withGate(gate)).phases[0]?.gates[0];
    const base = { id: 'g', severity: 'block', weight: 1, remedy: null };
    expect(gateOf({ artifact: 'a.md' })).toEqual({
      ...{ ...base, kind: 'artifact', artifact: 'a.md', minSize: 1, sections: [], schema: null },
    });
    expect(gateOf({ metric: 'tests.failed', max: 0 })).toEqual({
      ...{ ...base, kind: 'metric', metric: 'tests.failed', min: null, max: 0 },
    });
    expect(gateOf({ secrets: 'all' })).toEqual({ ...base, kind: 'secrets', scope: 'all' });
    expect(gateOf({ links: 'all' })).toEqual({ ...base, kind: 'links', artifact: '**' });
    expect(gateOf({ forbidden: 'TODO' })).toEqual({
      ...{ ...base, kind: 'forbidden', patterns: ['TODO'], artifact: '**' },
    });
    expect(gateOf({ forbidden: ['a', 'b'], artifact: '*.md' })).toMatchObject({
      artifact: '*.md',
      patterns: ['a', 'b'],
    });
    expect(gateOf({ freshness: 'a.md', max_age: '3d' })).toMatchObject({
      kind: 'freshness',
      maxAgeMs: 259_200_000,
    });
    expect(gateOf({ budget: { max_cost_usd: 0.1 } })).toMatchObject({
      kind: 'budget',
      maxCostUsd: '0.1',
      maxTokens: null,
    });
    const asking = withPhase({
      steps: [{ id: 'a', approval: { count: 2 } }],
      gates: [{ id: 'g', approval: { count: 2 } }],
    });
    expect(definitionOf(asking).phases[0]?.gates[0]).toMatchObject({
      ...{ kind: 'approval', role: 'member', count: 2 },
    });
  });

  it('write money as a decimal without an exponent', () => {
    const budgetOf = (max_cost_usd: unknown): unknown =>
      definitionOf(withPhase({}, { budget: { max_cost_usd } })).budget.maxCostUsd;
    expect([budgetOf(5), budgetOf('0.25'), budgetOf(0.000_000_1)]).toEqual(['5', '0.25', '0.0000001']);
  });
});

describe('the digest', () => {
  const digestOf = (text: string): string => {
    const compiled = compileProfile(text, 'yaml');
    if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.errors));
    return compiled.digest;
  };

  it('is the same for the same definition in another order and with its defaults written out', () => {
    const plain = stringify(withStep({ command: 'true' }));
    const spelled = stringify(
      withStep({ timeout: '30m', needs: [], command: 'true' }, { repository: 'optional' }),
    );
    expect(digestOf(`# note\n${spelled}`)).toBe(digestOf(plain));
  });

  it('is another one for another definition', () => {
    expect(digestOf(stringify(withStep({ command: 'false' })))).not.toBe(
      digestOf(stringify(withStep({ command: 'true' }))),
    );
  });
});

describe('the form', () => {
  it.each<[string, Source | string, string, string]>([
    ['an empty text', '', '', 'must be a mapping'],
    ['a missing title', { ...withPhase({}), title: undefined }, '', 'needs the property title'],
    [
      'another format',
      { ...withPhase({}), apiVersion: 'orchestrator/v2' },
      '/apiVersion',
      '"orchestrator/v1"',
    ],
    ['an unknown property', withPhase({ step: [] }), '/phases/0/step', 'step is not known'],
    ['a name in capitals', { ...withPhase({}), name: 'Sample' }, '/name', 'lower-case'],
    ['a name in another script', { ...withPhase({}), name: 'prüfung' }, '/name', 'lower-case'],
    ['a name with a newline', { ...withPhase({}), name: 'sample\n' }, '/name', 'lower-case'],
    ['no phases', { ...withPhase({}), phases: [] }, '/phases', 'at least 1'],
    ['a phase without steps', withPhase({ steps: [] }), '/phases/0/steps', 'at least 1'],
    [
      'a step without executor',
      withStep({}),
      '/phases/0/steps/0',
      'exactly one of command, llm, agent_cli, worker, approval, http',
    ],
    [
      'a step with two executors',
      withStep({ command: 'a', llm: LLM }),
      '/phases/0/steps/0',
      'exactly one of',
    ],
    ['a gate without a kind', withGate({}), '/phases/0/gates/0', 'at least one of artifact, metric'],
    [
      'a gate of two kinds',
      withGate({ metric: 'a.b', min: 1, secrets: 'all' }),
      '/phases/0/gates/0/secrets',
      'not known',
    ],
    ['a metric without limits', withGate({ metric: 'a.b' }), '/phases/0/gates/0', 'at least one of min, max'],
    [
      'a timeout without a unit',
      withStep({ command: 'a', timeout: 10 }),
      '/phases/0/steps/0/timeout',
      'such as 30s',
    ],
    [
      'too many attempts',
      withStep({ command: 'a', retry: { attempts: 11 } }),
      '/phases/0/steps/0/retry/attempts',
      '10 or less',
    ],
    [
      'a number as variable',
      withStep({ command: 'a', env: { A: 1 } }),
      '/phases/0/steps/0/env/A',
      'quote numbers',
    ],
    [
      'a bad variable name',
      withStep({ command: 'a', env: { 'A B': 'x' } }),
      '/phases/0/steps/0/env/A B',
      'A B',
    ],
    [
      'an unknown tool',
      withStep({ llm: { ...LLM, tools: ['sudo'] } }),
      '/phases/0/steps/0/llm/tools/0',
      'one of list',
    ],
    [
      'credentials in a URL',
      withStep({ http: { url: 'https://a:b@c/' } }),
      '/phases/0/steps/0/http/url',
      'without credentials',
    ],
    [
      'a file URL',
      withStep({ http: { url: 'file:///etc/passwd' } }),
      '/phases/0/steps/0/http/url',
      'http or https',
    ],
    [
      'a header on two lines',
      withStep({ http: { url: 'https://c/', headers: { A: 'x\ny' } } }),
      '/phases/0/steps/0/http/headers/A',
      'one line',
    ],
    [
      'an unknown evidence format',
      withStep({ command: 'a', evidence: [{ xunit: 'a' }] }),
      '/phases/0/steps/0/evidence/0/xunit',
      'not known',
    ],
    [
      'a negative budget',
      withPhase({}, { budget: { max_cost_usd: -1 } }),
      '/budget/max_cost_usd',
      'US dollars',
    ],
    [
      '51 phases',
      {
        ...withPhase({}),
        phases: Array.from({ length: 51 }, (_, i) => ({ name: `p${String(i)}`, steps: [command('a')] })),
      },
      '/phases',
      'more than 50',
    ],
    [
      '201 steps',
      withPhase({ steps: Array.from({ length: 201 }, (_, i) => command(`s${String(i)}`)) }),
      '/phases/0/steps',
      'more than 200',
    ],
  ])('refuses %s', (_what, source, path, words) => {
    expect(errorsOf(source)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(words) }),
    );
  });

  it('tells errors by line, in the order of the text', () => {
    const text =
      'apiVersion: orchestrator/v1\nname: X\ntitle: x\nphases:\n  - name: one\n    steps:\n      - id: a\n        comand: x\n';
    expect(errorsOf(text).map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [7, 9],
      [8, 9],
    ]);
  });
});

describe('the rules', () => {
  it.each<[string, Source, string, string]>([
    [
      'two phases of one name',
      {
        ...withPhase({}),
        phases: [
          { name: 'one', steps: [command('a')] },
          { name: 'one', steps: [command('a')] },
        ],
      },
      '/phases/1/name',
      'already a phase named one',
    ],
    [
      'two steps of one id',
      withPhase({ steps: [command('a'), command('a')] }),
      '/phases/0/steps/1/id',
      'already a step named a',
    ],
    [
      'two gates of one id',
      withPhase({
        gates: [
          { id: 'g', secrets: 'all' },
          { id: 'g', links: 'all' },
        ],
      }),
      '/phases/0/gates/1/id',
      'already a gate named g',
    ],
    [
      'an unknown need',
      withStep({ command: 'a', needs: ['b'] }),
      '/phases/0/steps/0/needs/0',
      'The phase one has no step b',
    ],
    [
      'a circle',
      withPhase({ steps: [command('x'), command('a', { needs: ['b'] }), command('b', { needs: ['a'] })] }),
      '/phases/0/steps/1/needs',
      'a → b → a',
    ],
    [
      'a step that needs itself',
      withStep({ command: 'a', needs: ['a'] }),
      '/phases/0/steps/0/needs',
      'a → a',
    ],
    [
      'a broken condition',
      withPhase({ when: 'parameters.a ==' }),
      '/phases/0/when',
      'The condition cannot be used',
    ],
    [
      'a condition over an undeclared parameter',
      withStep({ command: 'a', when: 'parameters.b == 1' }, CHANNEL),
      '/phases/0/steps/0/when',
      'mentions b',
    ],
    ['a condition over something else', withPhase({ when: "intake == 'x'" }), '/phases/0/when', 'not intake'],
    [
      'an undeclared parameter in a task',
      withStep({ llm: { ...LLM, task: '{{ parameters.b }}' } }, CHANNEL),
      '/phases/0/steps/0/llm/task',
      'parameters.b',
    ],
    [
      'an unknown placeholder',
      withStep({ llm: { ...LLM, task: '{{ secrets.A }}' } }),
      '/phases/0/steps/0/llm/task',
      'secrets.A',
    ],
    [
      'an unknown placeholder in a body',
      withStep({ http: { url: 'https://c/', body: { a: '{{ b }}' } } }),
      '/phases/0/steps/0/http/body',
      '{{ b }}',
    ],
    [
      'a placeholder in a role',
      withStep({ llm: { ...LLM, role: '{{ intake }}' } }),
      '/phases/0/steps/0/llm/role',
      'only in tasks of agents',
    ],
    [
      'a placeholder in a URL',
      withStep({ http: { url: 'https://c/{{run.id}}' } }),
      '/phases/0/steps/0/http/url',
      'only in tasks of agents',
    ],
    [
      'an absolute artifact',
      withStep({ command: 'a', artifacts: [{ path: '/etc/passwd' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'absolute',
    ],
    [
      'an artifact on a drive',
      withStep({ command: 'a', artifacts: [{ path: 'C:/x' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'absolute',
    ],
    [
      'an artifact outside',
      withStep({ command: 'a', artifacts: [{ path: 'a/../../x' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'leaves the workspace',
    ],
    [
      'an artifact outside by braces',
      withStep({ command: 'a', artifacts: [{ path: '{a,..}/x' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'leaves the workspace',
    ],
    [
      'a backslash',
      withStep({ command: 'a', artifacts: [{ path: 'a\\b' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'forward slashes',
    ],
    [
      'a newline in a path',
      withStep({ command: 'a', artifacts: [{ path: 'a\nb' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      'control character',
    ],
    [
      'the .git folder',
      withStep({ command: 'a', artifacts: [{ path: '.git/**' }] }),
      '/phases/0/steps/0/artifacts/0/path',
      '.git',
    ],
    [
      'evidence outside',
      withStep({ command: 'a', evidence: [{ junit: '../a.xml' }] }),
      '/phases/0/steps/0/evidence/0/junit',
      'leaves the workspace',
    ],
    [
      'a gate outside',
      withGate({ artifact: '../a.md' }),
      '/phases/0/gates/0/artifact',
      'leaves the workspace',
    ],
    [
      'a timeout of nothing',
      withStep({ command: 'a', timeout: '0s' }),
      '/phases/0/steps/0/timeout',
      'between 1s and 7d',
    ],
    [
      'a timeout of a year',
      withPhase({}, { defaults: { timeout: '365d' } }),
      '/defaults/timeout',
      'between 1s and 7d',
    ],
    [
      'a long back-off',
      withStep({ command: 'a', retry: { backoff: '1h' } }),
      '/phases/0/steps/0/retry/backoff',
      'at most 10m',
    ],
    [
      'our own variables',
      withStep({ command: 'a', env: { ORCHESTRATOR_RUN_ID: 'x' } }),
      '/phases/0/steps/0/env/ORCHESTRATOR_RUN_ID',
      'set by the orchestrator',
    ],
    [
      'our own variables as secrets',
      withStep({ command: 'a', secrets: ['ORCHESTRATOR_X'] }),
      '/phases/0/steps/0/secrets/0',
      'set by the orchestrator',
    ],
    [
      'a secret that is a variable too',
      withStep({ command: 'a', env: { A: 'x' }, secrets: ['A'] }),
      '/phases/0/steps/0/secrets/0',
      'both a variable and a secret',
    ],
    [
      'parameters that are no object',
      withPhase({}, { parameters: { type: 'string' } }),
      '/parameters',
      'type: object',
    ],
    [
      'parameters that are no schema',
      withPhase({}, { parameters: { type: 'object', properties: { a: { type: 'text' } } } }),
      '/parameters',
      'not a JSON Schema',
    ],
    [
      'a misspelled schema keyword',
      withPhase({}, { parameters: { type: 'object', requried: ['a'] } }),
      '/parameters',
      'requried',
    ],
    [
      'a schema that refers elsewhere',
      withPhase({}, { parameters: { type: 'object', properties: { a: { $ref: 'https://example.org/a' } } } }),
      '/parameters/properties/a/$ref',
      'in place',
    ],
    [
      'a schema that refers to itself',
      withGate({ artifact: 'a.json', schema: { $ref: '#' } }),
      '/phases/0/gates/0/schema/$ref',
      'in place',
    ],
    [
      'a broken pattern in a schema',
      withGate({ artifact: 'a.json', schema: { pattern: '(' } }),
      '/phases/0/gates/0/schema',
      'pattern',
    ],
    [
      'a broken forbidden pattern',
      withGate({ forbidden: '[a' }),
      '/phases/0/gates/0/forbidden',
      'cannot be used',
    ],
    [
      'a pattern that only one engine reads',
      withGate({ forbidden: '(?P<a>x)' }),
      '/phases/0/gates/0/forbidden',
      'cannot be used',
    ],
    [
      'a back-reference',
      withGate({ forbidden: ['TODO', '(a)\\1'] }),
      '/phases/0/gates/0/forbidden/1',
      'cannot be used',
    ],
    [
      'a gate for an approval that no step asks for',
      withGate({ approval: {} }),
      '/phases/0/gates/0/approval',
      'the approval of 1 person, but the steps of its phase ask nobody',
    ],
    [
      'a gate for more approvals than the steps ask for',
      withPhase({
        steps: [{ id: 'a', approval: {} }],
        gates: [{ id: 'g', approval: { count: 2 } }],
      }),
      '/phases/0/gates/0/approval',
      'ask 1 person',
    ],
  ])('refuse %s', (_what, source, path, words) => {
    expect(errorsOf(source)).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(words) }),
    ]);
  });

  it('accept what stays within them', () => {
    const source = withPhase(
      {
        when: "parameters.channel == 'stable'",
        steps: [
          { id: 'a', llm: { ...LLM, task: '{{ parameters.channel }} {{ intake }} {{ run.id }}' } },
          command('b', {
            needs: ['a'],
            artifacts: [{ path: 'out/**/*.{md,json}' }, { path: '..notes/.github/x' }],
          }),
        ],
        gates: [{ id: 'g', forbidden: ['TODO|FIXME', '(a+)+$'], artifact: '**/*.md' }],
      },
      CHANNEL,
    );
    expect(errorsOf(source)).toEqual([]);
  });

  it('keep names and titles of any script where people read them', () => {
    const source = withStep({ command: 'a', agent: 'Prüferin 検査' }, { title: 'Prüfung 🚀 اختبار' });
    const definition = definitionOf(source);
    expect([definition.title, definition.phases[0]?.steps[0]?.agent]).toEqual([
      'Prüfung 🚀 اختبار',
      'Prüferin 検査',
    ]);
  });
});

describe('a coding agent', () => {
  it('needs a program where it is none of the known ones', () => {
    const step = { agent_cli: { tool: 'custom', role: 'You test.', task: 'Test it.' } };
    expect(errorsOf(withStep(step)).length).toBeGreaterThan(0);
    expect(errorsOf(withStep({ agent_cli: { ...step.agent_cli, command: ['agent'] } }))).toEqual([]);
    expect(errorsOf(withStep({ agent_cli: { ...step.agent_cli, tool: 'codex' } }))).toEqual([]);
  });
});
