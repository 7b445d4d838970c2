import type { EnvironmentReader } from './environment-reader.js';

/** A model provider that the environment describes. */
export interface EnvironmentProvider {
  readonly kind: 'anthropic' | 'openai' | 'google';
  readonly key: string;
  /** null: the vendor's own address. */
  readonly baseUrl: string | null;
  readonly defaultModel: string;
  /** Which API of OpenAI; null: as the address suggests. */
  readonly api: 'responses' | 'chat' | null;
}

const KINDS = [
  { kind: 'anthropic', prefix: 'ANTHROPIC', model: 'claude-sonnet-4-5' },
  { kind: 'openai', prefix: 'OPENAI', model: 'gpt-5' },
  { kind: 'google', prefix: 'GOOGLE', model: 'gemini-2.5-pro' },
] as const;

/** Those whose key is set. */
export function readModelProviders(reader: EnvironmentReader): EnvironmentProvider[] {
  return KINDS.flatMap(({ kind, prefix, model }) => {
    const key = reader.text(`${prefix}_API_KEY`);
    const baseUrl = reader.url(`${prefix}_BASE_URL`, ['http:', 'https:']);
    const defaultModel = reader.text(`${prefix}_MODEL`) ?? model;
    const api = kind === 'openai' ? openAiApi(reader) : null;
    return key === null ? [] : [{ kind, key, baseUrl, defaultModel, api }];
  });
}

function openAiApi(reader: EnvironmentReader): EnvironmentProvider['api'] {
  const asked = reader.choice('OPENAI_API', ['auto', 'responses', 'chat'], 'auto');
  return asked === 'auto' ? null : asked;
}
