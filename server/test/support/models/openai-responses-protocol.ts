import { inputText, pieces, type MessageAnswer, type ScriptedTool, type ScriptedUsage } from './answers.js';
import { around, dataEvent, EVENT_STREAM, type WireProtocol } from './protocol.js';

/** The OpenAI responses API (platform.openai.com, "Streaming API responses"). */
export const openaiResponses: WireProtocol = {
  contentType: EVENT_STREAM,
  *whole(answer, model, id) {
    yield* opening(answer, model, id);
    yield dataEvent({
      ...{ type: 'response.output_item.done', output_index: 0 },
      item: { type: 'message', id: `msg_${id}`, status: 'completed', role: 'assistant', content: [] },
    });
    for (const [index, tool] of (answer.tools ?? []).entries())
      yield* functionCall(tool, index + 1, `${id}_${String(index)}`);
    const usage = answer.usage === null ? null : usageOf(answer.usage);
    yield dataEvent({
      type: 'response.completed',
      response: { id: `resp_${id}`, created_at: 1, model, status: 'completed', usage },
    });
  },
  beginning: (text, model, id) => opening({ kind: 'message', text, usage: null }, model, id),
  errorEvent: (type, message) =>
    dataEvent({ type: 'error', sequence_number: 9, error: { type, code: type, message, param: null } }),
  errorBody: (status, message) => ({
    error: {
      ...{ message, type: status === 429 ? 'rate_limit_error' : 'api_error' },
      ...{ param: null, code: null },
    },
  }),
};

function* opening({ text, rawBytes }: MessageAnswer, model: string, id: string): Generator<Buffer> {
  const response = { id: `resp_${id}`, created_at: 1, model };
  yield dataEvent({ type: 'response.created', response });
  const item = { type: 'message', id: `msg_${id}`, role: 'assistant', content: [] };
  yield dataEvent({ type: 'response.output_item.added', output_index: 0, item });
  const delta = (piece: string): Buffer =>
    dataEvent({
      ...{ type: 'response.output_text.delta', item_id: item.id, output_index: 0 },
      ...{ content_index: 0, delta: piece },
    });
  for (const piece of pieces(text ?? '')) yield delta(piece);
  if (rawBytes !== undefined) yield around(delta, rawBytes);
}

function* functionCall(tool: ScriptedTool, index: number, id: string): Generator<Buffer> {
  const item = { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, name: tool.name };
  const about = { output_index: index };
  yield dataEvent({
    ...{ type: 'response.output_item.added', ...about },
    item: { ...item, arguments: '', status: 'in_progress' },
  });
  for (const delta of pieces(inputText(tool)))
    yield dataEvent({
      ...{ type: 'response.function_call_arguments.delta', ...about },
      ...{ item_id: item.id, delta },
    });
  yield dataEvent({
    ...{ type: 'response.output_item.done', ...about },
    item: { ...item, arguments: inputText(tool), status: 'completed' },
  });
}

/** Cached tokens are part of the input tokens, thoughts of the output tokens. */
const usageOf = ({ input, output, cacheRead = 0 }: ScriptedUsage): object => ({
  ...{ input_tokens: input + cacheRead, input_tokens_details: { cached_tokens: cacheRead } },
  ...{ output_tokens: output, output_tokens_details: { reasoning_tokens: 0 } },
  total_tokens: input + cacheRead + output,
});
