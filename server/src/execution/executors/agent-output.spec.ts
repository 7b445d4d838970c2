import { describe, expect, it } from '@jest/globals';
import { recogniseUsage } from './agent-output.js';

const lines = (...events: readonly unknown[]): string =>
  events.map((event) => JSON.stringify(event)).join('\n');

const claude = (session: string, output: number): unknown => ({
  type: 'result',
  subtype: 'success',
  session_id: session,
  total_cost_usd: 0.31,
  usage: {
    input_tokens: 10,
    cache_creation_input_tokens: 100,
    cache_read_input_tokens: 200,
    output_tokens: output,
  },
  modelUsage: {
    large: {
      inputTokens: 10,
      outputTokens: output,
      cacheReadInputTokens: 200,
      cacheCreationInputTokens: 100,
      costUSD: 0.2,
    },
    small: {
      inputTokens: 500,
      outputTokens: 900,
      cacheReadInputTokens: 0,
      cacheCreationInputTokens: 0,
      costUSD: 0.11,
    },
  },
});

describe('recogniseUsage', () => {
  it('reads every model of a Claude Code result', () => {
    const large = { provider: 'anthropic', model: 'large', inputTokens: 10, outputTokens: 41 };
    expect(recogniseUsage(lines({ type: 'system' }, claude('a', 41)))).toEqual([
      { ...large, cacheReadTokens: 200, cacheWriteTokens: 100, reportedCostUsd: '0.2' },
      expect.objectContaining({ model: 'small', inputTokens: 500, reportedCostUsd: '0.11' }),
    ]);
  });

  it('takes the last result of each session, since its counts run on', () => {
    const usage = recogniseUsage(lines(claude('a', 1), claude('a', 2), claude('b', 4)));
    expect(usage.filter(({ model }) => model === 'large').map(({ outputTokens }) => outputTokens)).toEqual([
      2, 4,
    ]);
  });

  it('reads the total where a Claude Code result names no models', () => {
    const result = {
      type: 'result',
      model: 'm',
      total_cost_usd: 0.5,
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    expect(recogniseUsage(JSON.stringify(result, null, 2))).toMatchObject([
      { model: 'm', inputTokens: 1, reportedCostUsd: '0.5' },
    ]);
  });

  it('counts the cached tokens of Codex once', () => {
    const usage = { input_tokens: 26_549, cached_input_tokens: 22_272, output_tokens: 1590 };
    const events = [
      { type: 'thread.started', thread_id: 't' },
      { type: 'turn.completed', usage },
    ];
    const counts = { inputTokens: 4277, outputTokens: 1590, cacheReadTokens: 22_272, cacheWriteTokens: 0 };
    expect(recogniseUsage(lines(...events))).toEqual([
      { provider: 'openai', model: 'unknown', ...counts, reportedCostUsd: null },
    ]);
  });

  it('reads the models of Gemini, printed over several lines after other text', () => {
    const tokens = { prompt: 24_939, candidates: 20, total: 25_113, cached: 21_263, thoughts: 154, tool: 0 };
    const text = `Loaded cached credentials.\n${JSON.stringify({ response: 'x', stats: { models: { 'gemini-2.5-pro': { tokens } } } }, null, 2)}\n`;
    const counts = { inputTokens: 3676, outputTokens: 174, cacheReadTokens: 21_263, cacheWriteTokens: 0 };
    expect(recogniseUsage(text)).toEqual([
      { provider: 'google', model: 'gemini-2.5-pro', ...counts, reportedCostUsd: null },
    ]);
  });

  it.each([
    ['', 'nothing'],
    ['plain text\n{"a":1}\n', 'another JSON'],
    [lines({ type: 'result', usage: { input_tokens: -1, output_tokens: 2 } }), 'a negative count'],
    [lines({ type: 'result', usage: { input_tokens: 1 } }), 'a missing count'],
    [
      lines({ type: 'turn.completed', usage: { input_tokens: 1, cached_input_tokens: 5, output_tokens: 1 } }),
      'more cached than read',
    ],
    ['{"type":"result","usage":', 'a cut line'],
  ])('makes up no usage from %j (%s)', (text) => {
    expect(recogniseUsage(text)).toEqual([]);
  });
});
