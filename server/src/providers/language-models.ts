import type { AmazonBedrockProviderSettings } from '@ai-sdk/amazon-bedrock';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { callAddress, openAiApi } from './domain/provider-kind.js';
import { modelFetch } from './model-fetch.js';
import type { Provider } from './provider.js';

/** Of one answer of a model; a longer one is cut off. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What is asked of a model. */
export type StreamingModel = Pick<LanguageModelV4, 'doStream'>;

/**
 * A model of a provider, called over its own wire protocol. One call of it is one HTTP request: nothing is repeated or
 * continued behind the back of whoever pays for it.
 */
export function languageModel(provider: Provider, key: string | null, model: string): StreamingModel {
  const allowPrivate = provider.mayBePrivate && provider.baseUrl !== null;
  const fetch = modelFetch({ allowPrivate, maxBytes: MAX_ANSWER_BYTES });
  return {
    doStream: async (options) => (await speaking(provider, key, model, onlyOnce(fetch))).doStream(options),
  };
}

/** The conversation is ours: the vendor is told to keep none of it. */
const keptHere = (model: LanguageModelV4): StreamingModel => ({
  doStream: (options) => model.doStream({ ...options, providerOptions: { openai: { store: false } } }),
});

/** Some libraries ask on by themselves where an answer was too long for one response. */
function onlyOnce(call: typeof fetch): typeof fetch {
  let called = false;
  return (...request) => {
    if (called) return Promise.reject(new Error('The provider wants a further request for one answer.'));
    called = true;
    return call(...request);
  };
}

/** The library of a provider is loaded when it is first called: a process may never need it. */
async function speaking(
  { kind, baseUrl, ...provider }: Provider,
  key: string | null,
  model: string,
  fetch: typeof globalThis.fetch,
): Promise<StreamingModel> {
  const common = { fetch, ...(baseUrl === null ? {} : { baseURL: callAddress(kind, baseUrl) }) };
  // Without a key the libraries would look for one in the environment.
  const apiKey = key ?? 'none';
  switch (kind) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ ...common, apiKey })(model);
    }
    case 'openai': {
      const openai = (await import('@ai-sdk/openai')).createOpenAI({ ...common, apiKey });
      return openAiApi(provider.api, baseUrl) === 'responses'
        ? keptHere(openai.responses(model))
        : openai.chat(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ ...common, apiKey })(model);
    }
    case 'bedrock': {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      return createAmazonBedrock({ ...common, ...bedrockAccess(provider.region, key) })(model);
    }
    case 'openai_compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        ...{ ...common, baseURL: callAddress(kind, baseUrl ?? ''), name: provider.name },
        ...{ includeUsage: true, ...(key === null ? {} : { apiKey }) },
      })(model);
    }
  }
}

/** `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, with `:SESSION_TOKEN` where there is one; else a Bedrock API key. */
function bedrockAccess(given: string | null, key: string | null): AmazonBedrockProviderSettings {
  const region = given ?? 'us-east-1';
  const [accessKeyId = '', secretAccessKey, sessionToken] = (key ?? '').split(':');
  if (secretAccessKey === undefined) return { region, apiKey: accessKeyId };
  return {
    ...{ region, apiKey: '', accessKeyId, secretAccessKey },
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
