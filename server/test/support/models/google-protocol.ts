import { pieces, type MessageAnswer, type ScriptedUsage } from './answers.js';
import { around, dataEvent, EVENT_STREAM, type WireProtocol } from './protocol.js';

/** The Gemini API (ai.google.dev, `models.streamGenerateContent` with `alt=sse`, version v1beta). */
export const google: WireProtocol = {
  contentType: EVENT_STREAM,
  *whole(answer, model, id) {
    const chunk = chunksOf(answer, model, id);
    for (const piece of pieces(answer.text ?? '')) yield chunk([{ text: piece }]);
    const { rawBytes } = answer;
    if (rawBytes !== undefined) yield around((text) => chunk([{ text }]), rawBytes);
    for (const { name, input } of answer.tools ?? []) yield chunk([{ functionCall: { name, args: input } }]);
    yield chunk([{ text: '' }], 'STOP');
  },
  *beginning(text, model, id) {
    // Usage is told with every piece, as it is so far.
    const chunk = chunksOf({ kind: 'message', usage: { input: 10, output: 1 } }, model, id);
    for (const piece of pieces(text)) yield chunk([{ text: piece }]);
  },
  errorEvent: (_type, message) => dataEvent(errorBody(503, message)),
  errorBody,
};

/** A chunk that says that the answer goes on in the answer to a further request. */
export const continuationChunk = (model: string, id: string): Buffer =>
  dataEvent({
    candidates: [
      { content: { parts: [] }, finishReason: 'CONTINUATION', continuationToken: 'more', index: 0 },
    ],
    ...{ usageMetadata: usageOf({ input: 10, output: 1 }), modelVersion: model, responseId: id },
  });

const chunksOf =
  ({ usage }: MessageAnswer, model: string, id: string) =>
  (parts: readonly object[], finish?: string): Buffer =>
    dataEvent({
      candidates: [
        {
          content: { parts, role: 'model' },
          ...(finish === undefined ? {} : { finishReason: finish }),
          index: 0,
        },
      ],
      ...(usage === null ? {} : { usageMetadata: finish === undefined ? soFar(usage) : usageOf(usage) }),
      ...{ modelVersion: model, responseId: id },
    });

/** Cached tokens are part of the prompt, thoughts are counted beside the candidates; nothing is written to a cache. */
function usageOf({ input, output, cacheRead = 0 }: ScriptedUsage): object {
  const thoughtsTokenCount = Math.floor(output / 2);
  return {
    ...{ promptTokenCount: input + cacheRead, cachedContentTokenCount: cacheRead },
    ...{ candidatesTokenCount: output - thoughtsTokenCount, thoughtsTokenCount },
    totalTokenCount: input + cacheRead + output,
  };
}

const soFar = ({ input, cacheRead = 0 }: ScriptedUsage): object => ({
  ...{ promptTokenCount: input + cacheRead, candidatesTokenCount: 1, totalTokenCount: input + cacheRead + 1 },
});

function errorBody(code: number, message: string): object {
  const status = code === 429 ? 'RESOURCE_EXHAUSTED' : code === 503 ? 'UNAVAILABLE' : 'INTERNAL';
  return { error: { code, message, status } };
}
