import type { ModelRequest, ScriptedAnswer, ScriptedTool, ScriptedUsage } from '../support/model-server.js';

/** What a model did so far in the step that a request belongs to: the results of tools that it was given. */
export function toolResults({ body }: ModelRequest): string[] {
  return body.messages.flatMap((message) => {
    if (message.role === 'tool') return [textOf(message.content)];
    if (!Array.isArray(message.content)) return [];
    return (message.content as { type?: string; content?: unknown }[])
      .filter(({ type }) => type === 'tool_result')
      .map(({ content }) => textOf(content));
  });
}

/** The texts of a request that are no results of tools. */
export const promptOf = ({ body }: ModelRequest): string =>
  [body.system, ...body.messages.map(({ content }) => content)].map(textOf).join('\n');

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as { text?: string }[]).map(({ text }) => text ?? '').join('\n');
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
