import { inputText, pieces, type MessageAnswer, type ScriptedUsage } from './answers.js';

/** Server-sent events of the Anthropic Messages API (platform.claude.com, "Streaming messages", version 2023-06-01). */
export function* messageEvents(answer: MessageAnswer, model: string, id: string): Generator<Buffer> {
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

export function* openingEvents(model: string, id: string, usage: ScriptedUsage | null): Generator<Buffer> {
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

export function* textEvents(index: number, text: string): Generator<Buffer> {
  yield event('content_block_start', { index, content_block: { type: 'text', text: '' } });
  for (const piece of pieces(text))
    yield event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } });
}

export const errorEvent = (type: string, message: string): Buffer =>
  event('error', { error: { type, message } });

export const errorBody = (type: string, message: string): object => ({
  type: 'error',
  error: { type, message },
});

function rawDelta(index: number, bytes: Buffer): Buffer {
  const marked = event('content_block_delta', { index, delta: { type: 'text_delta', text: '%RAW%' } });
  const [before = '', after = ''] = marked.toString().split('%RAW%');
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}

const event = (type: string, data: object): Buffer =>
  Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
