import { inputText, pieces, type MessageAnswer, type ScriptedUsage } from './answers.js';
import { around, dataEvent, EVENT_STREAM, type WireProtocol } from './protocol.js';

/** The OpenAI chat completions API (platform.openai.com, "Streaming", `chat.completion.chunk`). */
export const openai: WireProtocol = {
  contentType: EVENT_STREAM,
  whole: chunkEvents,
  beginning: textChunks,
  errorEvent: (type, message) => dataEvent({ error: { message, type, param: null, code: null } }),
  errorBody: (status, message) => ({
    error: {
      ...{ message, type: status === 429 ? 'rate_limit_error' : 'api_error' },
      ...{ param: null, code: null },
    },
  }),
};

function* chunkEvents(answer: MessageAnswer, model: string, id: string): Generator<Buffer> {
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

function* textChunks(text: string, model: string, id: string): Generator<Buffer> {
  const chunk = chunksOf(model, id);
  yield chunk({ role: 'assistant', content: '' });
  for (const piece of pieces(text)) yield chunk({ content: piece });
}

/** Cached tokens are part of the prompt tokens in this protocol; it knows no writing to a cache. */
function usageChunk(model: string, id: string, usage: ScriptedUsage): Buffer {
  const prompt = usage.input + (usage.cacheRead ?? 0);
  return dataEvent({
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

type Chunk = (delta: object, finish?: string) => Buffer;

const chunksOf =
  (model: string, id: string): Chunk =>
  (delta, finish) =>
    dataEvent({
      ...{ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 1, model },
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish ?? null }],
    });

const rawDelta = (chunk: Chunk, bytes: Buffer): Buffer => around((content) => chunk({ content }), bytes);
