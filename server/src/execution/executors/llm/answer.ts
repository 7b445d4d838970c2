import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { TokenCounts } from '../../../agents/domain/price.js';
import { callFailure, interrupted, type CallFailure } from '../../../providers/call-failure.js';

export interface AskedTool {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it: it may be no JSON. */
  readonly input: string;
  /** What the provider wants back with it. */
  readonly options: SharedV4ProviderOptions | undefined;
}

export interface ModelAnswer {
  readonly text: string;
  readonly tools: readonly AskedTool[];
  readonly finish: LanguageModelV4FinishReason['unified'];
  /** null: the provider did not tell. */
  readonly usage: TokenCounts | null;
}

export type ReadAnswer =
  | { readonly kind: 'whole'; readonly answer: ModelAnswer }
  /** It came to its end, with its usage, but something in it could not be read. */
  | { readonly kind: 'unreadable'; readonly usage: TokenCounts | null; readonly message: string }
  | { readonly kind: 'broken'; readonly failure: CallFailure };

const CUT_SHORT = 'The answer broke off before its end.';

/** Tool calls of one answer; what is beyond is not carried out. */
const MAX_TOOL_CALLS = 50;

/**
 * Reads an answer to its end.
 * @param onText is given the text as it comes
 * @throws what the connection threw
 */
export async function readAnswer(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  onText: (delta: string) => void,
): Promise<ReadAnswer> {
  let text = '';
  const tools: AskedTool[] = [];
  let problem: unknown = null;
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      onText(part.delta);
    } else if (part.type === 'tool-call' && tools.length < MAX_TOOL_CALLS) {
      const { toolCallId: id, toolName: name, input, providerMetadata: options } = part;
      tools.push({ id, name, input, options });
    } else if (part.type === 'error') {
      problem = part.error;
    } else if (part.type === 'finish') {
      const usage = tokens(part.usage);
      if (isCutShort(part.finishReason, usage)) problem ??= CUT_SHORT;
      return ended({ text, tools, finish: part.finishReason.unified, usage }, problem);
    }
  }
  return problem === null
    ? { kind: 'broken', failure: interrupted(CUT_SHORT) }
    : { kind: 'broken', failure: { ...callFailure(problem), outcome: 'unknown', retryable: false } };
}

/**
 * Whether the stream ended before the answer did: a proxy may close it in good order. What was counted until then, as
 * some providers tell with every piece, is not what is paid for.
 */
const isCutShort = ({ unified, raw }: LanguageModelV4FinishReason, usage: TokenCounts | null): boolean =>
  unified === 'interrupted' || (unified === 'other' && raw === undefined && usage === null);

/** An answer that failed in the middle has told no usage worth booking. */
function ended(answer: ModelAnswer, problem: unknown): ReadAnswer {
  // What stands at the address may be no provider at all.
  if (answer.usage === null && answer.text === '' && answer.tools.length === 0 && problem === null)
    return { kind: 'broken', failure: interrupted('The provider answered nothing that can be read.') };
  if (problem === null && answer.finish !== 'error') return { kind: 'whole', answer };
  const { message } = callFailure(problem ?? 'The provider ended its answer with an error.');
  if (answer.finish === 'error' || answer.usage === null || problem === CUT_SHORT)
    return { kind: 'broken', failure: interrupted(message) };
  return { kind: 'unreadable', usage: answer.usage, message };
}

/** null where a count is missing: a number is measured, or it is not there. */
function tokens({ inputTokens, outputTokens }: LanguageModelV4Usage): TokenCounts | null {
  const cacheReadTokens = inputTokens.cacheRead ?? 0;
  const cacheWriteTokens = inputTokens.cacheWrite ?? 0;
  const whole =
    inputTokens.noCache ??
    (inputTokens.total === undefined ? undefined : inputTokens.total - cacheReadTokens - cacheWriteTokens);
  if (whole === undefined || outputTokens.total === undefined) return null;
  const counts = {
    inputTokens: whole,
    outputTokens: outputTokens.total,
    cacheReadTokens,
    cacheWriteTokens,
  };
  return Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 0) ? counts : null;
}
