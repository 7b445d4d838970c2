import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import {
  startModelServer,
  type ModelRequest,
  type ModelServer,
  type ScriptedAnswer,
} from '../support/model-server.js';
import { eventually } from '../support/until.js';
import { agentStep, reportOf, transcriptOf, type AgentStep, type AgentStepOptions } from './llm-step.js';
import { finish, tools, USAGE, write } from './scripted-agent.js';

const DONE = tools(finish('Done.'));
const USED = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0 };
const states = (step: AgentStep): readonly unknown[] => step.account.calls.map(({ state }) => state);
const isAsked = (models: ModelServer, times: number) =>
  eventually(
    () => Promise.resolve(models.requests.length),
    (asked) => asked >= times,
  );

/** Where each protocol says how long an answer may be. */
const limitIn = ({ body }: ModelRequest): unknown =>
  body['max_tokens'] ??
  body['max_completion_tokens'] ??
  body['max_output_tokens'] ??
  (body['generationConfig'] as { maxOutputTokens?: number } | undefined)?.maxOutputTokens ??
  (body['inferenceConfig'] as { maxTokens?: number } | undefined)?.maxTokens;

describe.each(['anthropic', 'openai', 'openai_responses', 'google', 'bedrock'] as const)(
  'calls of a model over the %s protocol',
  (protocol) => {
    let models: ModelServer;
    let second: ModelServer;

    beforeEach(async () => {
      models = await startModelServer();
      second = await startModelServer();
    });

    afterEach(async () => {
      await models.stop();
      await second.stop();
    });

    const stepFor = (options: AgentStepOptions = {}) => agentStep(models, { protocol, ...options });

    it.each([429, 529, 500, 503])(
      'are made again after %d, each with a reservation of its own',
      async (status) => {
        const step = await stepFor();
        models.script({ kind: 'error', status }, { kind: 'error', status, retryAfterSeconds: 0 }, DONE);
        expect(await step.execute()).toMatchObject({ kind: 'succeeded' });
        expect(models.requests).toHaveLength(3);
        expect(states(step)).toEqual(['released', 'released', USED]);
      },
    );

    it.each([400, 401, 403, 404])('are not made again after %d', async (status) => {
      const step = await stepFor();
      models.script({ kind: 'error', status, message: 'Refused for good.' }, DONE);
      expect(await step.execute()).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'model_unavailable',
          retryable: false,
          message: expect.stringContaining(String(status)),
        },
      });
      expect(models.requests).toHaveLength(1);
      expect(states(step)).toEqual(['released']);
    });

    it('go to the next provider where one cannot answer, and stay there', async () => {
      const step = await stepFor({ fallbacks: [second] });
      models.answerWith(() => ({ kind: 'error', status: 529 }));
      second.script(tools(write('a.txt', 'a')), DONE);
      expect(await step.execute()).toMatchObject({ kind: 'succeeded' });
      expect([models.requests.length, second.requests.length]).toEqual([3, 2]);
      expect(step.account.calls.map(({ planned }) => planned.model)).toEqual([
        ...['model-0', 'model-0', 'model-0', 'model-1', 'model-1'],
      ]);
      expect(states(step)).toEqual(['released', 'released', 'released', USED, USED]);
    });

    it('fail in a way that another try may cure where no provider can answer', async () => {
      const step = await stepFor();
      models.answerWith(() => ({ kind: 'error', status: 503 }));
      expect(await step.execute()).toMatchObject({
        kind: 'failed',
        failure: { code: 'model_unavailable', retryable: true },
      });
    });

    it('to a server that is not there cost nothing', async () => {
      const step = await stepFor({ fallbacks: [second] });
      await models.stop();
      second.script(DONE);
      expect(await step.execute()).toMatchObject({ kind: 'succeeded' });
      expect(states(step)).toEqual(['released', 'released', 'released', USED]);
      models = await startModelServer();
    });

    it.each<ScriptedAnswer>([
      { kind: 'cut', text: 'I will' },
      { kind: 'early_end', text: 'I will' },
      { kind: 'stream_error', text: 'I will', type: 'overloaded_error' },
      { kind: 'garbage', body: 'data: {this is no json\n\n' },
      { kind: 'garbage', body: '<html>Welcome to the proxy</html>' },
    ])('that break off are not repeated, and what was reserved for them stays so (%j)', async (answer) => {
      const step = await stepFor({ fallbacks: [second] });
      models.script(answer, DONE);
      second.script(DONE);
      expect(await step.execute()).toMatchObject({
        kind: 'failed',
        failure: { code: 'model_interrupted', retryable: true },
      });
      expect([models.requests.length, second.requests.length]).toEqual([1, 0]);
      expect(states(step)).toEqual(['reserved']);
    });

    it('reserve at least what the request and the longest answer can use, and book what was used', async () => {
      const step = await stepFor();
      const writesCache = protocol === 'anthropic' || protocol === 'bedrock';
      const usage = {
        input: 900,
        output: 80,
        cacheRead: 30,
        ...(writesCache ? { cacheWrite: 7 } : {}),
      };
      models.script({ kind: 'message', tools: [{ name: 'finish', input: { summary: 'Done.' } }], usage });
      await step.execute();
      const [call] = step.account.calls;
      expect(call?.state).toEqual({
        ...{ inputTokens: 900, outputTokens: 80, cacheReadTokens: 30 },
        cacheWriteTokens: writesCache ? 7 : 0,
      });
      const worst = call?.planned.worstCase;
      const request = (worst?.inputTokens ?? 0) + (worst?.cacheWriteTokens ?? 0);
      expect(request).toBeGreaterThan(models.requests[0]?.text.length ?? Infinity);
      expect(models.requests.map(limitIn)).toEqual([worst?.outputTokens]);
    });

    it('are not made while a budget refuses them; the step says so, waits, and goes on', async () => {
      const step = await stepFor();
      models.script(tools(write('a.txt', 'a')), DONE);
      step.account.refuses = 'The run has cost 5 of 5 US dollars.';
      const ended = step.execute();
      await eventually(
        () => Promise.resolve(step.desk.holds),
        (holds) => holds.length === 1,
      );
      step.desk.change();
      await eventually(
        () => Promise.resolve(step.account.asked),
        (asked) => asked >= 2,
      );
      expect(models.requests).toHaveLength(0);
      step.account.refuses = null;
      step.desk.change();
      const outcome = await ended;
      expect(outcome.kind).toBe('succeeded');
      expect(step.desk.holds).toEqual(['The run has cost 5 of 5 US dollars.', null]);
      expect(await transcriptOf(outcome)).toContain('"type":"waiting"');
      expect(step.log.text('system')).toContain('5 of 5 US dollars');
    });

    it('do not use up the time limit of the step while they wait for a budget', async () => {
      const step = await stepFor({ step: { timeoutMs: 800 } });
      step.account.refuses = 'Nothing is left.';
      models.script(DONE);
      const ended = step.execute();
      await eventually(
        () => Promise.resolve(step.desk.holds.length),
        (held) => held > 0,
      );
      const since = performance.now();
      await eventually(
        () => Promise.resolve(performance.now() - since),
        (waited) => waited > 900,
      );
      step.account.refuses = null;
      step.desk.change();
      expect((await ended).kind).toBe('succeeded');
    });

    it('are not made while the run is paused', async () => {
      const step = await stepFor();
      models.answerWith((_request, number) => {
        step.desk.paused = number === 1;
        return number === 1 ? tools(write('a.txt', 'a')) : DONE;
      });
      const ended = step.execute();
      await eventually(
        () => readdir(step.context.workspace),
        (files) => files.length === 1,
      );
      step.desk.change();
      expect(models.requests).toHaveLength(1);
      step.desk.paused = false;
      step.desk.change();
      expect((await ended).kind).toBe('succeeded');
      expect(models.requests).toHaveLength(2);
    });

    it('end within the answer when the step is cancelled; what was said is kept', async () => {
      const step = await stepFor();
      models.script(tools(write('a.txt', 'a')), { kind: 'hang', text: 'I am about to\n' });
      const ended = step.execute();
      await eventually(
        () => Promise.resolve(step.log.text('stdout')),
        (text) => text.includes('about to'),
      );
      step.abort.abort('cancelled');
      const outcome = await ended;
      expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'cancelled' } });
      expect(states(step)).toEqual([USED, 'reserved']);
      expect(reportOf(outcome).artifacts.map(({ path }) => path)).toContain('transcripts/unit.md');
    });

    it('end with the time limit of the step', async () => {
      const step = await stepFor({ step: { timeoutMs: 300 } });
      models.script({ kind: 'hang', text: 'Hm' });
      expect(await step.execute()).toMatchObject({ kind: 'failed', failure: { code: 'timeout' } });
      expect(states(step)).toEqual(['reserved']);
    });

    it('are given up when the provider falls silent', async () => {
      const settings = { calls: { ...CALLS, silenceMs: 200 } };
      const step = await stepFor({ settings });
      models.script({ kind: 'hang', text: 'Hm' });
      expect(await step.execute()).toMatchObject({
        kind: 'failed',
        failure: { code: 'model_interrupted', message: expect.stringContaining('silent') },
      });
    });

    it('hand the step back at a shutdown', async () => {
      const step = await stepFor();
      models.script({ kind: 'hang', text: 'Hm' });
      const ended = step.execute();
      await isAsked(models, 1);
      step.abort.abort('shutdown');
      expect(await ended).toEqual({ kind: 'handed_back' });
    });

    it('that answer nothing at all are not taken for an end', async () => {
      const step = await stepFor();
      models.answerWith(() => ({ kind: 'message', text: '', usage: USAGE }));
      expect(await step.execute()).toMatchObject({ kind: 'failed', failure: { code: 'empty_answer' } });
      expect(models.requests).toHaveLength(3);
    });

    it('stop at the limit of tokens of the profile', async () => {
      const step = await stepFor({ definition: { maxTokens: 2500 } });
      models.answerWith(() => tools(['list_files', {}]));
      expect(await step.execute()).toMatchObject({ kind: 'failed', failure: { code: 'token_limit' } });
      expect(models.requests).toHaveLength(3);
    });
  },
);

const CALLS = { retries: 2, backoffMs: 1, silenceMs: 30_000, maxOutputTokens: 4000, budgetPollMs: 50 };

describe('a provider that tells no usage', () => {
  it('leaves what was reserved reserved: the figure is not invented', async () => {
    const models = await startModelServer();
    const step = await agentStep(models, { protocol: 'openai' });
    models.script({ kind: 'message', tools: [{ name: 'finish', input: { summary: 'Done.' } }], usage: null });
    expect(await step.execute()).toMatchObject({ kind: 'succeeded' });
    expect(states(step)).toEqual(['reserved']);
    await models.stop();
  });
});

describe('a provider that has more of an answer', () => {
  it('is not asked for it without a reservation: the call breaks off, and what it used is booked', async () => {
    const models = await startModelServer();
    const step = await agentStep(models, { protocol: 'google' });
    models.answerWith(() => ({ kind: 'to_be_continued' }));
    expect(await step.execute()).toMatchObject({
      kind: 'failed',
      failure: { code: 'model_interrupted', message: expect.stringContaining('further request') },
    });
    expect(models.requests).toHaveLength(1);
    expect(states(step)).toEqual([{ ...USED, inputTokens: 10, outputTokens: 1 }]);
    await models.stop();
  });
});

describe('commands of agents', () => {
  it('run in a sandbox without network, that sees nothing hidden and writes nothing outside', async () => {
    const models = await startModelServer();
    const step = await agentStep(models, {});
    models.script(
      tools([
        'run_command',
        { command: 'echo made > made.txt; echo x > /etc/x; ls /sys/class/net | wc -l; id -u' },
      ]),
      DONE,
    );
    const outcome = await step.execute();
    expect(outcome.kind).toBe('succeeded');
    expect(await readdir(step.context.workspace)).toEqual(['made.txt']);
    expect(await transcriptOf(outcome)).toMatch(/Read-only file system|Permission denied/u);
    await models.stop();
  });

  it('are not there where the operator turned them off', async () => {
    const models = await startModelServer();
    const commands = { mode: 'off' as const, hide: [], readOnlyFolders: [], graceMs: 1, lineBytes: 100 };
    const limits = { fileBytes: null, processes: null, cpuSeconds: null };
    const step = await agentStep(models, {
      settings: { commands: { ...commands, processLimits: limits } },
    });
    models.script(tools(['run_command', { command: 'touch made.txt' }]), {
      ...{ kind: 'message', text: 'No command then.', usage: USAGE },
    });
    expect(await step.execute()).toMatchObject({
      kind: 'succeeded',
      report: { summary: 'No command then.' },
    });
    expect(await readdir(step.context.workspace)).toEqual([]);
    await models.stop();
  });
});
