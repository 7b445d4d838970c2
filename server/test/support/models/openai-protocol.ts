import { inputText, pieces, type MessageAnswer, type ScriptedUsage } from './answers.js';

/** Server-sent events of the OpenAI chat completions API (platform.openai.com, "Streaming", `chat.completion.chunk`). */
export function* chunkEvents(answer: MessageAnswer, model: string, id: string): Generator<Buffer> {
  const chunk = chunksOf(model, id);
  yield chunk({ role: 'assistant', content: '' });
  for (const piece of pieces(answer.text ?? '')) yield chunk({ content: piece });
  if (answer.rawBytes !== undefined) yield rawDelta(chunk, answer.rawBytes);
  for (const [index, tool] of (answer.tools ?? []).entries()) {
    const call = { index, id: `call_${id}_${String(index)}`, type: 'function' };
    yield chunk({ tool_calls: [{ ...call, function: { name: tool.name, arguments: '' } }] });
    for (const piece of pieces(inputText(tool)))
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield chunk({}, (answer.tools ?? []).length > 0 ? 'tool_calls' : 'stop');
  if (answer.usage !== null) yield usageChunk(model, id, answer.usage);
  yield Buffer.from('data: [DONE]\n\n');
}

/** The beginning of an answer that does not end. */
export function* textChunks(text: string, model: string, id: string): Generator<Buffer> {
  const chunk = chunksOf(model, id);
  yield chunk({ role: 'assistant', content: '' });
  for (const piece of pieces(text)) yield chunk({ content: piece });
}

/** Cached tokens are part of the prompt tokens in this protocol; it knows no writing to a cache. */
function usageChunk(model: string, id: string, usage: ScriptedUsage): Buffer {
  const prompt = usage.input + (usage.cacheRead ?? 0);
  return data({
    ...{ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1, model, choices: [] },
    usage: {
      prompt_tokens: prompt,
      completion_tokens: usage.output,
      total_tokens: prompt + usage.output,
      prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  });
}

export const errorBody = (type: string, message: string): object => ({
  error: { message, type, param: null, code: null },
});

export const errorEvent = (type: string, message: string): Buffer => data(errorBody(type, message));

type Chunk = (delta: object, finish?: string) => Buffer;

const chunksOf =
  (model: string, id: string): Chunk =>
  (delta, finish) =>
    data({
      ...{ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1, model },
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish ?? null }],
    });

function rawDelta(chunk: Chunk, bytes: Buffer): Buffer {
  const [before = '', after = ''] = chunk({ content: '%RAW%' }).toString().split('%RAW%');
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}

const data = (value: object): Buffer => Buffer.from(`data: ${JSON.stringify(value)}\n\n`);
