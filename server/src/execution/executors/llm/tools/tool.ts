import type { z } from 'zod';

/** What a tool gave to the model. */
export type ToolResult =
  { readonly kind: 'done'; readonly text: string } | { readonly kind: 'refused'; readonly text: string };

/** Something that the agent may do, with what it wants to know for it. */
export interface Tool<I = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<I>;
  run(input: I, signal: AbortSignal): Promise<ToolResult>;
}

export const done = (text: string): ToolResult => ({ kind: 'done', text });
export const refused = (text: string): ToolResult => ({ kind: 'refused', text });

/** Of what a tool gives to the model. */
const MAX_RESULT = 30_000;

/** Head and tail, where the text is longer than a model is given at once. */
export function bounded(text: string, limit = MAX_RESULT): string {
  const clean = text.toWellFormed().replaceAll('\0', '\uFFFD');
  if (clean.length <= limit) return clean;
  const half = Math.floor(limit / 2);
  const left = clean.length - half * 2;
  return `${clean.slice(0, half)}\n… ${String(left)} characters are left out …\n${clean.slice(-half)}`;
}
