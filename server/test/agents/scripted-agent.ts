import type { ModelRequest, ScriptedAnswer, ScriptedTool, ScriptedUsage } from '../support/model-server.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a model did so far in the step that a request belongs to: the results of tools that it was given. */
export const toolResults = ({ body }: ModelRequest): string[] => read(body).results;

/** The texts of a request that are no results of tools. */
export const promptOf = ({ body }: ModelRequest): string => read(body).texts.join('\n');

/** The step that a request is about: it stands in the instructions. */
export const stepOf = (request: ModelRequest): string =>
  /You are the agent "[^"]*" in step "([a-z_]+)"/u.exec(promptOf(request))?.[1] ?? '';

/** Where the protocols have what is said: conversations, messages in them, parts of those. */
const INNER = [
  ...['system', 'instructions', 'systemInstruction', 'messages', 'contents', 'input'],
  ...['content', 'parts', 'text'],
];

/** Reads a request of any protocol. */
function read(value: unknown, found = { texts: [] as string[], results: [] as string[] }): typeof found {
  if (typeof value === 'string') found.texts.push(value);
  else if (Array.isArray(value)) for (const part of value) read(part, found);
  else if (typeof value === 'object' && value !== null) {
    const result = resultOf(value as Fields);
    if (result === undefined) for (const name of INNER) read((value as Fields)[name], found);
    else found.results.push(read(result).texts.join('\n'));
  }
  return found;
}

/** What a tool gave, where a part of a request is that. */
function resultOf(part: Fields): unknown {
  if (part['type'] === 'tool_result' || part['role'] === 'tool') return part['content'];
  if (part['type'] === 'function_call_output') return part['output'];
  const wrapped = (part['functionResponse'] ?? part['toolResult']) as Fields | undefined;
  return wrapped?.['response'] ?? wrapped;
}

export const tools = (
  ...calls: readonly (readonly [name: string, input: ScriptedTool['input']])[]
): ScriptedAnswer => ({
  kind: 'message',
  tools: calls.map(([name, input]) => ({ name, input })),
  usage: USAGE,
});

export const USAGE: ScriptedUsage = { input: 1000, output: 100 };

export const write = (path: string, content: string) => ['write_file', { path, content }] as const;
export const finish = (summary = 'Done.') => ['finish', { summary }] as const;
