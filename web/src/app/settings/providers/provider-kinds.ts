import type { Provider } from './providers-gateway';

export interface ProviderKindText {
  readonly kind: Provider['kind'];
  readonly label: string;
  /** A model to begin with; empty where there is none that everybody has. */
  readonly model: string;
}

export const PROVIDER_KINDS: readonly ProviderKindText[] = [
  { kind: 'anthropic', label: 'Anthropic', model: 'claude-sonnet-4-5' },
  { kind: 'openai', label: 'OpenAI', model: 'gpt-5' },
  { kind: 'google', label: 'Google', model: 'gemini-2.5-pro' },
  { kind: 'bedrock', label: 'Amazon Bedrock', model: '' },
  { kind: 'openai_compatible', label: 'OpenAI-compatible (Ollama, vLLM …)', model: '' },
];

export const kindLabel = (kind: Provider['kind']): string =>
  PROVIDER_KINDS.find((known) => known.kind === kind)?.label ?? kind;
