import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { TokenCounts } from '../../../agents/domain/price.js';
import type { ProviderKind } from '../../../providers/domain/provider-kind.js';

/** What one call asks a model. */
export interface ModelRequest {
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: LanguageModelV4FunctionTool[];
  /** The most that the answer may have. */
  readonly maxOutputTokens: number;
}

/** What providers put before a request: descriptions of tools in words of their own. */
const HIDDEN_TOKENS = 2000;

/**
 * The most that a call can use: no token is shorter than one byte of the request, and no answer longer than its limit.
 * Where the request is written to a cache, that is the dearest that can become of it.
 */
export function worstCase(kind: ProviderKind, { prompt, tools, maxOutputTokens }: ModelRequest): TokenCounts {
  const request = Buffer.byteLength(JSON.stringify({ prompt, tools })) + HIDDEN_TOKENS;
  const cached = kind === 'anthropic';
  return {
    inputTokens: cached ? 0 : request,
    outputTokens: maxOutputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: cached ? request : 0,
  };
}
