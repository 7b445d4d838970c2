import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ModelAccount } from '../../../agents/model-account.js';
import { callFailure, interrupted, type CallFailure } from '../../../providers/call-failure.js';
import type { CallableModel } from '../../../providers/provider-directory.js';
import type { StepFailure } from '../executor.js';
import { failure } from '../outcome.js';
import { readAnswer, type ModelAnswer, type ReadAnswer } from './answer.js';
import { CallGrants, type GrantPlace } from './call-grants.js';
import type { AgentDesk } from './desk.js';
import type { LineLog } from './line-log.js';
import { Silence } from './silence.js';
import { worstCase, type ModelRequest } from './worst-case.js';

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

export interface CallPlace extends GrantPlace {
  /** Where what the model says is shown as it comes. */
  readonly text: LineLog;
}

type Tried =
  | { readonly kind: 'answered'; readonly answer: ModelAnswer }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'aborted' };

/** Longest wait that a provider can ask for. */
const MAX_RETRY_AFTER_MS = 120_000;

/** Calls models one HTTP request at a time: paid for before it, booked after it, repeated only where that is safe. */
export class ModelCaller {
  private readonly grants: CallGrants;
  private current = 0;

  constructor(
    private readonly chain: readonly CallableModel[],
    private readonly account: ModelAccount,
    desk: AgentDesk,
    private readonly settings: CallerSettings,
    private readonly place: CallPlace,
  ) {
    this.grants = new CallGrants(account, desk, place, settings.budgetPollMs);
  }

  async call(prompt: LanguageModelV4Prompt, tools: LanguageModelV4FunctionTool[]): Promise<CallEnd> {
    const request = { prompt, tools, maxOutputTokens: this.settings.maxOutputTokens };
    let last: CallFailure | null = null;
    for (; this.current < this.chain.length; this.current += 1) {
      const model = this.chain[this.current];
      for (let repeated = 0; model !== undefined; repeated += 1) {
        const tried = await this.once(model, request);
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

  private async once({ kind, provider, model, call }: CallableModel, request: ModelRequest): Promise<Tried> {
    const { time, transcript, text } = this.place;
    const callId = await this.grants.granted({ provider, model, worstCase: worstCase(kind, request) });
    if (callId === null) return { kind: 'aborted' };
    transcript.add({ type: 'call', provider, model, call: callId });
    const silence = new Silence(this.settings.silenceMs);
    const abortSignal = AbortSignal.any([time.signal, silence.signal]);
    let begun = false;
    try {
      const { stream } = await call.doStream({ ...request, abortSignal });
      begun = true;
      const read = await readAnswer(silence.watched(stream), (delta) => text.write(delta));
      return await this.settled(callId, read);
    } catch (error) {
      // What it used is not known: what was reserved for it stays so.
      if (time.signal.aborted) return { kind: 'aborted' };
      if (silence.signal.aborted)
        return { kind: 'failed', failure: interrupted('The provider fell silent.') };
      const found = callFailure(error);
      // An answer had begun: whatever broke it off, it was worked on.
      if (begun) return { kind: 'failed', failure: interrupted(found.message) };
      if (found.outcome !== 'unknown') await this.account.release(callId);
      return { kind: 'failed', failure: found };
    } finally {
      silence.end();
      text.end();
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
}

const shown = ({ text, tools, finish }: ModelAnswer) => ({
  ...{ finish, text },
  tools: tools.map(({ name, input }) => ({ name, input })),
});

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
