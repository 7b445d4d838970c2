import { crc32 } from 'node:zlib';
import { inputText, pieces, type ScriptedUsage } from './answers.js';
import { around, type WireProtocol } from './protocol.js';

/** Amazon Bedrock (docs.aws.amazon.com, `ConverseStream`), in frames of `application/vnd.amazon.eventstream`. */
export const bedrock: WireProtocol = {
  contentType: 'application/vnd.amazon.eventstream',
  *whole(answer) {
    yield* opening(answer.text ?? '');
    const { rawBytes, tools = [] } = answer;
    if (rawBytes !== undefined) {
      const payload = around((text) => Buffer.from(JSON.stringify(delta(0, { text }))), rawBytes);
      yield frame({ ':message-type': 'event', ':event-type': 'contentBlockDelta' }, payload);
    }
    yield event('contentBlockStop', { contentBlockIndex: 0 });
    for (const [number, tool] of tools.entries()) {
      const index = number + 1;
      const toolUse = { toolUseId: `tooluse_${String(index)}`, name: tool.name };
      yield event('contentBlockStart', { contentBlockIndex: index, start: { toolUse } });
      for (const input of pieces(inputText(tool)))
        yield event('contentBlockDelta', delta(index, { toolUse: { input } }));
      yield event('contentBlockStop', { contentBlockIndex: index });
    }
    yield event('messageStop', { stopReason: tools.length > 0 ? 'tool_use' : 'end_turn' });
    if (answer.usage !== null)
      yield event('metadata', { usage: usageOf(answer.usage), metrics: { latencyMs: 1 } });
  },
  beginning: opening,
  errorEvent: (_type, message) =>
    frame(
      { ':message-type': 'exception', ':exception-type': 'modelStreamErrorException' },
      Buffer.from(JSON.stringify({ message })),
    ),
  errorBody: (_status, message) => ({ message }),
};

function* opening(text: string): Generator<Buffer> {
  yield event('messageStart', { role: 'assistant' });
  for (const piece of pieces(text)) yield event('contentBlockDelta', delta(0, { text: piece }));
}

const delta = (contentBlockIndex: number, content: object): object => ({ contentBlockIndex, delta: content });

const usageOf = ({ input, output, cacheRead = 0, cacheWrite = 0 }: ScriptedUsage): object => ({
  ...{ inputTokens: input, outputTokens: output, totalTokens: input + output + cacheRead + cacheWrite },
  ...{ cacheReadInputTokens: cacheRead, cacheWriteInputTokens: cacheWrite },
});

const event = (type: string, payload: object): Buffer =>
  frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    Buffer.from(JSON.stringify(payload)),
  );

/** Lengths of frame and headers, their checksum, headers, payload, and the checksum of all of it. */
function frame(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(head.length + payload.length + 16, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const body = Buffer.concat([prelude, head, payload]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([body, checksum]);
}

/** The kind of value for texts. */
const STRING = 7;

function header(name: string, value: string): Buffer {
  const [bytes, text] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([bytes.length]), bytes, Buffer.from([STRING]), length, text]);
}
