import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { z } from 'zod';
import type { AskedTool } from './answer.js';
import { refused, type Tool, type ToolResult } from './tools/tool.js';
import { FileRefused } from './tools/workspace-files.js';

/** Of the arguments of one call, in characters. */
const MAX_INPUT = 5 * 1024 * 1024;

export const FINISH = 'finish';

const finishInput = z.object({
  summary: z.string().max(20_000).describe('What was done and what is left, in a few sentences'),
});

const finish: Tool<z.infer<typeof finishInput>> = {
  name: FINISH,
  description: 'Says that the task is done and all deliverables are there.',
  input: finishInput,
  run: () => Promise.resolve(refused('It is answered elsewhere.')),
};

/** A call as far as it could be read. */
export type ReadCall =
  | { readonly kind: 'call'; readonly tool: Tool; readonly input: unknown }
  | { readonly kind: 'finish'; readonly summary: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The tools that a step allows; which these are is decided by its profile, whatever a model asks for. */
export class ToolBox {
  private readonly tools: readonly Tool[];

  constructor(tools: readonly Tool[]) {
    this.tools = [...tools, finish];
  }

  get names(): string[] {
    return this.tools.map(({ name }) => name);
  }

  /** As models are told of them. */
  get described(): LanguageModelV4FunctionTool[] {
    return this.tools.map(({ name, description, input }) => ({
      ...{ type: 'function', name, description },
      inputSchema: z.toJSONSchema(input, { target: 'draft-7' }) as LanguageModelV4FunctionTool['inputSchema'],
    }));
  }

  read(asked: AskedTool): ReadCall {
    const tool = this.tools.find(({ name }) => name === asked.name);
    if (tool === undefined) return unreadable(`There is no such tool. You have: ${this.names.join(', ')}.`);
    if (asked.input.length > MAX_INPUT)
      return unreadable(
        `The arguments have more than ${String(MAX_INPUT)} characters. Work in smaller parts.`,
      );
    const json = parse(asked.input);
    if (json === undefined)
      return unreadable('The arguments are no JSON; they may have been cut off. Work in smaller parts.');
    const fits = tool.input.safeParse(json);
    if (!fits.success) return unreadable(`The arguments do not fit: ${z.prettifyError(fits.error)}`);
    if (tool.name === FINISH)
      return { kind: 'finish', summary: (fits.data as z.infer<typeof finishInput>).summary };
    return { kind: 'call', tool, input: fits.data };
  }

  /** Carries out a call. What is refused is told to the model; a bug is thrown. */
  async run({ tool, input }: Extract<ReadCall, { kind: 'call' }>, signal: AbortSignal): Promise<ToolResult> {
    try {
      return await tool.run(input, signal);
    } catch (error) {
      if (error instanceof FileRefused) return refused(error.message);
      throw error;
    }
  }
}

const unreadable = (why: string): ReadCall => ({ kind: 'unreadable', why });

/** undefined: no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text) as unknown;
  } catch {
    // Models write what they like.
    return undefined;
  }
}
