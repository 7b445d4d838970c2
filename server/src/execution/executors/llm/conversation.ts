import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { AskedTool, ModelAnswer } from './answer.js';
import type { ToolResult } from './tools/tool.js';

/** Of a whole request; older results of tools are left out where it is passed. */
const MAX_CHARACTERS = 600_000;
/** The newest messages are kept as they are. */
const KEPT = 8;
const LEFT_OUT = '(left out to save room; call the tool again if it is needed)';
/** What providers take as the name of a tool. */
const NAME = /^[\w-]{1,64}$/u;
/** Arguments that a model gave are given back to it up to so many characters. */
const MAX_INPUT = 100_000;

/** What was said so far, as the next call gives it to a model. */
export class Conversation {
  private readonly messages: LanguageModelV4Message[];

  constructor(instructions: string, request: string) {
    this.messages = [
      { role: 'system', content: instructions },
      { role: 'user', content: [{ type: 'text', text: request }] },
    ];
  }

  /** What the next call asks; whatever comes first is marked as worth caching. */
  prompt(): LanguageModelV4Prompt {
    this.makeRoom();
    const last = this.messages.length - 1;
    return this.messages.map((message, index) =>
      index === 1 || index === last ? { ...message, providerOptions: CACHED } : message,
    );
  }

  say(text: string): void {
    this.messages.push({ role: 'user', content: [{ type: 'text', text }] });
  }

  /** An answer that said nothing leaves no message: providers refuse empty ones. */
  answered({ text, tools }: ModelAnswer): void {
    const said = text.trim() === '' ? [] : [{ type: 'text' as const, text: text.toWellFormed() }];
    const calls = tools.map((asked) => ({
      ...{ type: 'tool-call' as const, toolCallId: asked.id, toolName: nameOf(asked) },
      input: inputOf(asked.input),
      ...(asked.options === undefined ? {} : { providerOptions: asked.options }),
    }));
    if (said.length + calls.length > 0)
      this.messages.push({ role: 'assistant', content: [...said, ...calls] });
  }

  results(results: readonly { readonly asked: AskedTool; readonly result: ToolResult }[]): void {
    if (results.length === 0) return;
    this.messages.push({
      role: 'tool',
      content: results.map(({ asked, result: { kind, text } }) => ({
        ...{ type: 'tool-result', toolCallId: asked.id, toolName: nameOf(asked) },
        output: kind === 'done' ? { type: 'text', value: text } : { type: 'error-text', value: text },
      })),
    });
  }

  private makeRoom(): void {
    let size = JSON.stringify(this.messages).length;
    for (const message of this.messages.slice(0, -KEPT)) {
      if (size <= MAX_CHARACTERS) return;
      const before = JSON.stringify(message).length;
      shrink(message);
      size -= before - JSON.stringify(message).length;
    }
  }
}

const CACHED = { anthropic: { cacheControl: { type: 'ephemeral' } } };

function shrink(message: LanguageModelV4Message): void {
  if (message.role !== 'tool' && message.role !== 'assistant') return;
  for (const part of message.content) {
    if (part.type === 'tool-result') part.output = { type: 'text', value: LEFT_OUT };
    if (part.type === 'tool-call' && JSON.stringify(part.input).length > LEFT_OUT.length)
      part.input = { left_out: LEFT_OUT };
  }
}

const nameOf = ({ name }: AskedTool): string => (NAME.test(name) ? name : 'unknown');

/** Only an object is an argument list. */
function inputOf(text: string): unknown {
  if (text.length > MAX_INPUT) return { left_out: LEFT_OUT };
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    // The model is told that it was no JSON.
    return {};
  }
}
