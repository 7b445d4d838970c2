import type { ReportedUsage } from './executor.js';
import { isCount, isFields, parseObject, toMoney } from './output-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Recognises what coding agents print about their usage, in the last part of a step's standard output:
 *
 * - Claude Code 2.x, `claude -p --output-format json | stream-json`: an object `{"type":"result", session_id,
 *   total_cost_usd, usage, modelUsage}` (docs.claude.com, "Headless mode"); its counts are those of the session so far.
 * - Codex CLI 0.5x and later, `codex exec --json`: `{"type":"thread.started", thread_id}` and
 *   `{"type":"turn.completed", usage}` (openai/codex, exec_events.rs); cached tokens are part of the input tokens,
 *   and the counts are those of the thread so far. It does not name the model.
 * - Gemini CLI 0.6 and later, `gemini --output-format json`: an object `{response, stats: {models}}`
 *   (google-gemini/gemini-cli, docs/cli/headless.md); cached tokens are part of the prompt tokens.
 *
 * Input tokens are counted without those read from or written to a cache. Text that looks like none of these gives nothing.
 */
export function recogniseUsage(stdout: string): ReportedUsage[] {
  const sessions = new Map<string, readonly ReportedUsage[]>();
  let thread = '';
  for (const event of eventsOf(stdout)) {
    if (event['type'] === 'thread.started') thread = nameOf(event['thread_id']);
    if (event['type'] === 'result') sessions.set(`claude ${nameOf(event['session_id'])}`, claudeUsage(event));
    if (event['type'] === 'turn.completed') sessions.set(`codex ${thread}`, codexUsage(event));
  }
  return [...[...sessions.values()].flat(), ...geminiUsage(stdout)];
}

function eventsOf(stdout: string): Fields[] {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(parseObject)
    .filter((event) => event !== null);
  if (events.length > 0) return events;
  const whole = parseObject(stdout);
  return whole === null ? [] : [whole];
}

function claudeUsage(result: Fields): ReportedUsage[] {
  const byModel = isFields(result['modelUsage']) ? Object.entries(result['modelUsage']) : [];
  const usage = byModel.flatMap(([model, fields]) => (isFields(fields) ? claudeModel(model, fields) : []));
  if (usage.length > 0) return usage;
  const total = result['usage'];
  if (!isFields(total)) return [];
  return usageOf('anthropic', nameOf(result['model']) || 'unknown', {
    input: total['input_tokens'],
    output: total['output_tokens'],
    cacheRead: total['cache_read_input_tokens'] ?? 0,
    cacheWrite: total['cache_creation_input_tokens'] ?? 0,
    cost: result['total_cost_usd'] ?? null,
  });
}

const claudeModel = (model: string, fields: Fields): ReportedUsage[] =>
  usageOf('anthropic', model, {
    input: fields['inputTokens'],
    output: fields['outputTokens'],
    cacheRead: fields['cacheReadInputTokens'] ?? 0,
    cacheWrite: fields['cacheCreationInputTokens'] ?? 0,
    cost: fields['costUSD'] ?? null,
  });

function codexUsage(event: Fields): ReportedUsage[] {
  const usage = event['usage'];
  if (!isFields(usage)) return [];
  const cacheRead = usage['cached_input_tokens'] ?? 0;
  const input = without(usage['input_tokens'], cacheRead);
  return usageOf('openai', 'unknown', {
    input,
    output: usage['output_tokens'],
    cacheRead,
    cacheWrite: 0,
    cost: null,
  });
}

/** Printed over several lines, and maybe after other text. */
function geminiUsage(stdout: string): ReportedUsage[] {
  const start = stdout.startsWith('{') ? 0 : stdout.lastIndexOf('\n{') + 1;
  const stats = parseObject(stdout.slice(start))?.['stats'];
  const models = isFields(stats) && isFields(stats['models']) ? Object.entries(stats['models']) : [];
  return models.flatMap(([model, fields]) => {
    const tokens = isFields(fields) ? fields['tokens'] : null;
    if (!isFields(tokens)) return [];
    const cacheRead = tokens['cached'] ?? 0;
    const input = without(plus(tokens['prompt'], tokens['tool'] ?? 0), cacheRead);
    const output = plus(tokens['candidates'], tokens['thoughts'] ?? 0);
    return usageOf('google', model, { input, output, cacheRead, cacheWrite: 0, cost: null });
  });
}

interface RawUsage {
  readonly input: unknown;
  readonly output: unknown;
  readonly cacheRead: unknown;
  readonly cacheWrite: unknown;
  readonly cost: unknown;
}

/** Nothing where a count is missing or is no count: a number is measured or it is not there. */
function usageOf(provider: string, model: string, raw: RawUsage): ReportedUsage[] {
  const { input, output, cacheRead, cacheWrite } = raw;
  if (!isCount(input) || !isCount(output) || !isCount(cacheRead) || !isCount(cacheWrite)) return [];
  const counts = {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
  };
  return [{ provider, model: model.slice(0, 200), ...counts, reportedCostUsd: toMoney(raw.cost) }];
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const plus = (a: unknown, b: unknown): unknown => (isCount(a) && isCount(b) ? a + b : null);

const without = (total: unknown, part: unknown): unknown =>
  isCount(total) && isCount(part) ? total - part : null;
