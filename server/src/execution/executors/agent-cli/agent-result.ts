import { isFields, parseObject } from '../output-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a coding agent said about its work. */
export interface AgentResult {
  /** By which the tool itself knows the conversation. */
  readonly session: string | null;
  /** Its last words. */
  readonly text: string | null;
  /** Why it did not do the task; null: it says that it did, or nothing. */
  readonly problem: string | null;
}

const NOTHING: AgentResult = { session: null, text: null, problem: null };

/**
 * Reads the result that coding agents print at the end, in the last part of standard output. The formats are those of
 * `recogniseUsage`; text that looks like none of them says nothing.
 */
export function readAgentResult(stdout: string): AgentResult {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(parseObject)
    .filter((event) => event !== null);
  const result = events.findLast((event) => event['type'] === 'result');
  if (result !== undefined) return claudeResult(result);
  const codex = codexResult(events);
  return codex === NOTHING ? geminiResult(stdout) : codex;
}

function claudeResult(result: Fields): AgentResult {
  const text = textOf(result['result']);
  const failed = result['is_error'] === true || result['subtype'] !== 'success';
  const problem = failed ? (text ?? textOf(result['subtype']) ?? 'no reason was given') : null;
  return { session: textOf(result['session_id']), text, problem };
}

function codexResult(events: readonly Fields[]): AgentResult {
  const about = (type: string): Fields | undefined => events.findLast((event) => event['type'] === type);
  const ended = about('turn.completed') ?? about('turn.failed');
  if (ended === undefined) return NOTHING;
  const said = events
    .map((event) => (event['type'] === 'item.completed' ? event['item'] : null))
    .findLast((item): item is Fields => isFields(item) && item['type'] === 'agent_message');
  const failed = about('turn.failed');
  return {
    session: textOf(about('thread.started')?.['thread_id']),
    text: textOf(said?.['text']),
    problem: failed === undefined ? null : (messageOf(failed['error']) ?? 'no reason was given'),
  };
}

/** Printed over several lines, and maybe after other text. */
function geminiResult(stdout: string): AgentResult {
  const start = stdout.startsWith('{') ? 0 : stdout.lastIndexOf('\n{') + 1;
  const whole = parseObject(stdout.slice(start));
  if (whole === null || !('response' in whole || 'error' in whole)) return NOTHING;
  return {
    session: textOf(whole['session_id']),
    text: textOf(whole['response']),
    problem: isFields(whole['error']) ? (messageOf(whole['error']) ?? 'no reason was given') : null,
  };
}

const messageOf = (error: unknown): string | null => (isFields(error) ? textOf(error['message']) : null);

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
