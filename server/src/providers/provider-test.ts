import { createMasker } from '../execution/domain/mask.js';
import type { CallableModel } from './provider-directory.js';
import { callFailure, interrupted, type CallFailure } from './call-failure.js';
import type { ProviderTestDto } from './provider-answers.dto.js';

const TEST_TIMEOUT_MS = 30_000;
/** The least that all providers accept, those with models that reason before they answer included. */
const TEST_OUTPUT_TOKENS = 64;

/** One real, minimal call. */
export async function testModel({ call, model, secrets }: CallableModel): Promise<ProviderTestDto> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
  const mask = createMasker(Object.fromEntries(secrets.entries()));
  const took = (): number => Math.round(performance.now() - startedAt);
  const failed = ({ message, status }: CallFailure): ProviderTestDto => ({
    ...{ ok: false, model, duration_ms: took(), status, input_tokens: null, output_tokens: null },
    message: mask(message),
  });
  try {
    const { stream } = await call.doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Answer with the word: ready' }] }],
      maxOutputTokens: TEST_OUTPUT_TOKENS,
      abortSignal: signal,
    });
    for await (const part of stream) {
      if (part.type === 'error') return failed(callFailure(part.error));
      if (part.type !== 'finish') continue;
      const { inputTokens, outputTokens } = part.usage;
      return {
        ...{ ok: true, model, duration_ms: took(), message: 'The model answered.', status: null },
        ...{ input_tokens: inputTokens.total ?? null, output_tokens: outputTokens.total ?? null },
      };
    }
    return failed(interrupted('The answer broke off.'));
  } catch (error) {
    if (signal.aborted) return failed(interrupted('The provider did not answer within 30 seconds.'));
    return failed(callFailure(error));
  }
}
