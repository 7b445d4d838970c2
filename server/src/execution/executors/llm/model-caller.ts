import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { TokenCounts } from '../../../agents/domain/price.js';
import type { ModelAccount } from '../../../agents/model-account.js';
import { callFailure, interrupted, type CallFailure } from '../../../providers/call-failure.js';
import type { CallableModel } from '../../../providers/provider-directory.js';
import type { StepContext, StepFailure } from '../executor.js';
import { failure } from '../outcome.js';
import { readAnswer, type ModelAnswer, type ReadAnswer } from './answer.js';
import type { AgentDesk, AgentSeat } from './desk.js';
import type { LineLog } from './line-log.js';
import type { Transcript } from './transcript.js';
import type { WorkTime } from './work-time.js';

export interface CallerSettings {
  /** Times that one provider is asked again, where that is safe. */
  readonly retries: number;
  /** The first pause between two of them; doubles each time. */
  readonly backoffMs: number;
  /** An answer of which nothing comes for so long is given up. */
  readonly silenceMs: number;
  readonly maxOutputTokens: number;
  /** Between two questions for room in a budget. */
  readonly budgetPollMs: number;
}

export type CallEnd =
  | { readonly kind: 'answered'; readonly answer: ModelAnswer }
  | { readonly kind: 'failed'; readonly failure: StepFailure }
  | { readonly kind: 'aborted' };

export interface CallPlace {
  readonly context: Pick<StepContext, 'runId' | 'stepAttemptId' | 'log'>;
  readonly seat: AgentSeat;
  readonly time: WorkTime;
  readonly transcript: Transcript;
  /** Where what the model says is shown as it comes. */
  readonly text: LineLog;
}

type Tried =
  | { readonly kind: 'answered'; readonly answer: ModelAnswer }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'aborted' };

/** Longest wait that a provider can ask for. */
const MAX_RETRY_AFTER_MS = 120_000;
/** What providers put before a request: descriptions of tools in words of their own. */
const HIDDEN_TOKENS = 2000;

/** Calls models one HTTP request at a time: paid for before it, booked after it, repeated only where that is safe. */
export class ModelCaller {
  private current = 0;

  constructor(
    private readonly chain: readonly CallableModel[],
    private readonly account: ModelAccount,
    private readonly desk: AgentDesk,
    private readonly settings: CallerSettings,
    private readonly place: CallPlace,
  ) {}

  async call(prompt: LanguageModelV4Prompt, tools: LanguageModelV4FunctionTool[]): Promise<CallEnd> {
    let last: CallFailure | null = null;
    for (; this.current < this.chain.length; this.current += 1) {
      const model = this.chain[this.current];
      for (let repeated = 0; model !== undefined; repeated += 1) {
        const tried = await this.once(model, prompt, tools);
        if (tried.kind !== 'failed') return tried;
        last = tried.failure;
        this.tell(model, last);
        if (last.outcome === 'unknown') return { kind: 'failed', failure: broken(last) };
        if (!last.retryable || repeated >= this.settings.retries) break;
        if (!(await this.backOff(last, repeated))) return { kind: 'aborted' };
      }
    }
    return { kind: 'failed', failure: unavailable(last) };
  }

  private async once(
    model: CallableModel,
    prompt: LanguageModelV4Prompt,
    tools: LanguageModelV4FunctionTool[],
  ): Promise<Tried> {
    const { time } = this.place;
    const callId = await this.granted(model, worstCase(model, prompt, tools, this.settings.maxOutputTokens));
    if (callId === null) return { kind: 'aborted' };
    this.place.transcript.add({ type: 'call', provider: model.provider, model: model.model, call: callId });
    const silence = new Silence(this.settings.silenceMs);
    try {
      const { stream } = await model.call.doStream({
        ...{ prompt, tools, maxOutputTokens: this.settings.maxOutputTokens },
        abortSignal: AbortSignal.any([time.signal, silence.signal]),
      });
      const read = await readAnswer(silence.watched(stream), (delta) => this.place.text.write(delta));
      return await this.settled(callId, read);
    } catch (error) {
      // What it used is not known: what was reserved for it stays so.
      if (time.signal.aborted) return { kind: 'aborted' };
      if (silence.signal.aborted)
        return { kind: 'failed', failure: interrupted('The provider fell silent.') };
      const found = callFailure(error);
      if (found.outcome !== 'unknown') await this.account.release(callId);
      return { kind: 'failed', failure: found };
    } finally {
      silence.end();
      this.place.text.end();
    }
  }

  private async settled(callId: string, read: ReadAnswer): Promise<Tried> {
    if (read.kind === 'broken')
      return this.place.time.signal.aborted ? { kind: 'aborted' } : { kind: 'failed', failure: read.failure };
    const usage = read.kind === 'whole' ? read.answer.usage : read.usage;
    if (usage !== null) await this.account.settle(callId, usage);
    this.place.transcript.add({
      type: 'answer',
      call: callId,
      usage,
      ...(read.kind === 'whole' ? shown(read.answer) : { unreadable: read.message }),
    });
    if (read.kind === 'whole') return { kind: 'answered', answer: read.answer };
    return { kind: 'failed', failure: interrupted(`The answer cannot be read: ${read.message}`) };
  }

  /** Waits until the run goes on and a budget pays for the call; null where the step was aborted meanwhile. */
  private async granted(model: CallableModel, worst: TokenCounts): Promise<string | null> {
    const { context, seat, time } = this.place;
    const { runId, stepAttemptId } = context;
    let held: string | null = null;
    try {
      for (;;) {
        while (!time.signal.aborted && (await this.desk.isPaused(runId))) {
          time.stand();
          await this.desk.untilChanged(runId, this.settings.budgetPollMs, time.signal);
        }
        if (time.signal.aborted) return null;
        const { provider, model: name } = model;
        const place = { ...seat.place, at: new Date() };
        const grant = await this.account.reserve({ place, provider, model: name, worstCase: worst });
        if (grant.kind === 'granted') return grant.callId;
        if (held !== grant.message) await this.desk.hold(stepAttemptId, grant.message);
        if (held === null) this.say('waiting', grant.message);
        held = grant.message;
        time.stand();
        await this.desk.untilChanged(runId, this.settings.budgetPollMs, time.signal);
      }
    } finally {
      time.go();
      if (held !== null && !time.signal.aborted) await this.desk.hold(stepAttemptId, null);
    }
  }

  private async backOff({ retryAfterMs }: CallFailure, repeated: number): Promise<boolean> {
    const own = this.settings.backoffMs * 2 ** repeated;
    const { signal } = this.place.time;
    await pause(Math.min(retryAfterMs ?? own, MAX_RETRY_AFTER_MS), undefined, { signal }).catch(
      () => undefined,
    );
    return !signal.aborted;
  }

  private tell({ provider, model }: CallableModel, { message, status, outcome }: CallFailure): void {
    const { transcript, context } = this.place;
    transcript.add({ type: 'failure', provider, model, status, outcome, message });
    context.log.write('system', `${provider} ${model}: ${message}\n`);
  }

  private say(type: 'waiting', message: string): void {
    this.place.transcript.add({ type, message });
    this.place.context.log.write('system', `${message}\n`);
  }
}

/** Ends a call of which nothing comes for a while. */
class Silence {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private readonly timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    this.timer = setTimeout(() => this.controller.abort('silence'), limitMs);
  }

  watched<T>(stream: ReadableStream<T>): ReadableStream<T> {
    return stream.pipeThrough(
      new TransformStream<T, T>({
        transform: (part, controller) => {
          this.timer.refresh();
          controller.enqueue(part);
        },
      }),
    );
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

const shown = ({ text, tools, finish }: ModelAnswer) => ({
  ...{ finish, text },
  tools: tools.map(({ name, input }) => ({ name, input })),
});

/**
 * The most that a call can use: no token is shorter than one byte of the request, and no answer longer than its limit.
 * Where the request is written to a cache, that is the dearest that can become of it.
 */
function worstCase(
  { kind }: CallableModel,
  prompt: LanguageModelV4Prompt,
  tools: LanguageModelV4FunctionTool[],
  maxOutputTokens: number,
): TokenCounts {
  const request = Buffer.byteLength(JSON.stringify({ prompt, tools })) + HIDDEN_TOKENS;
  const cached = kind === 'anthropic';
  return {
    inputTokens: cached ? 0 : request,
    outputTokens: maxOutputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: cached ? request : 0,
  };
}

/** Another try of the step starts from the beginning, and pays for itself. */
const broken = ({ message }: CallFailure): StepFailure => ({
  ...failure('model_interrupted', `The call of the model broke off: ${message}`),
  retryable: true,
});

function unavailable(last: CallFailure | null): StepFailure {
  const why = last?.message ?? 'no provider is left';
  const found = failure('model_unavailable', `No model provider answered; the last one: ${why}`);
  return { ...found, retryable: last?.retryable ?? false };
}
