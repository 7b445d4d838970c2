import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { callAddress } from './domain/provider-kind.js';
import { modelFetch } from './model-fetch.js';
import type { Provider } from './provider.js';

/** Of one answer of a model; a longer one is cut off. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * A model of a provider, called over its own wire protocol. One call of it is one HTTP request: nothing is repeated
 * behind the back of whoever pays for it.
 */
export function languageModel(provider: Provider, key: string | null, model: string): LanguageModelV4 {
  const { kind, baseUrl } = provider;
  const allowPrivate = provider.mayBePrivate && baseUrl !== null;
  const common = {
    fetch: modelFetch({ allowPrivate, maxBytes: MAX_ANSWER_BYTES }),
    ...(baseUrl === null ? {} : { baseURL: callAddress(kind, baseUrl) }),
  };
  // Without a key the libraries would look for one in the environment.
  const apiKey = key ?? 'none';
  switch (kind) {
    case 'anthropic':
      return createAnthropic({ ...common, apiKey })(model);
    case 'openai':
      return createOpenAI({ ...common, apiKey }).chat(model);
    case 'google':
      return createGoogle({ ...common, apiKey })(model);
    case 'bedrock':
      return createAmazonBedrock({ ...common, ...bedrockAccess(provider, key) })(model);
    case 'openai_compatible':
      return createOpenAICompatible({
        ...{ ...common, baseURL: callAddress(kind, baseUrl ?? ''), name: provider.name },
        ...{ includeUsage: true, ...(key === null ? {} : { apiKey }) },
      })(model);
  }
}

/** `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, with `:SESSION_TOKEN` where there is one; else a Bedrock API key. */
function bedrockAccess(provider: Provider, key: string | null): Parameters<typeof createAmazonBedrock>[0] {
  const region = provider.region ?? 'us-east-1';
  const [accessKeyId = '', secretAccessKey, sessionToken] = (key ?? '').split(':');
  if (secretAccessKey === undefined) return { region, apiKey: accessKeyId };
  return {
    ...{ region, apiKey: '', accessKeyId, secretAccessKey },
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
