import { inputText, pieces, type MessageAnswer, type ScriptedUsage } from './answers.js';
import { around, EVENT_STREAM, type WireProtocol } from './protocol.js';

/** The Anthropic Messages API (platform.claude.com, "Streaming messages", version 2023-06-01). */
export const anthropic: WireProtocol = {
  contentType: EVENT_STREAM,
  whole: messageEvents,
  *beginning(text, model, id) {
    yield* openingEvents(model, id, { input: 10, output: 1 });
    yield* textEvents(0, text);
  },
  errorEvent: (type, message) => event('error', { error: { type, message } }),
  errorBody: (status, message) => ({ type: 'error', error: { type: errorType(status), message } }),
};

function* messageEvents(answer: MessageAnswer, model: string, id: string): Generator<Buffer> {
  yield* openingEvents(model, id, answer.usage);
  let index = 0;
  if (answer.text !== undefined || answer.rawBytes !== undefined) {
    yield* textEvents(index, answer.text ?? '');
    if (answer.rawBytes !== undefined) yield rawDelta(index, answer.rawBytes);
    yield event('content_block_stop', { index });
    index += 1;
  }
  for (const [number, tool] of (answer.tools ?? []).entries()) {
    const block = { type: 'tool_use', id: `toolu_${id}_${String(number)}`, name: tool.name, input: {} };
    yield event('content_block_start', { index, content_block: block });
    for (const piece of pieces(inputText(tool)))
      yield event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } });
    yield event('content_block_stop', { index });
    index += 1;
  }
  const reason = (answer.tools ?? []).length > 0 ? 'tool_use' : 'end_turn';
  yield event('message_delta', {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: answer.usage?.output ?? 0 },
  });
  yield event('message_stop', {});
}

function* openingEvents(model: string, id: string, usage: ScriptedUsage | null): Generator<Buffer> {
  const counts = {
    input_tokens: usage?.input ?? 0,
    cache_creation_input_tokens: usage?.cacheWrite ?? 0,
    cache_read_input_tokens: usage?.cacheRead ?? 0,
    output_tokens: 1,
  };
  const head = { id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [] };
  yield event('message_start', {
    message: { ...head, stop_reason: null, stop_sequence: null, usage: counts },
  });
  yield event('ping', {});
}

function* textEvents(index: number, text: string): Generator<Buffer> {
  yield event('content_block_start', { index, content_block: { type: 'text', text: '' } });
  for (const piece of pieces(text))
    yield event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } });
}

const rawDelta = (index: number, bytes: Buffer): Buffer =>
  around((text) => event('content_block_delta', { index, delta: { type: 'text_delta', text } }), bytes);

function errorType(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status === 529 ? 'overloaded_error' : 'api_error';
}

const event = (type: string, data: object): Buffer =>
  Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
