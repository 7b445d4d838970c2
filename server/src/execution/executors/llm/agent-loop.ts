import type { Masker } from '../../domain/mask.js';
import type { StepContext, StepFailure } from '../executor.js';
import { failure } from '../outcome.js';
import type { AskedTool, ModelAnswer } from './answer.js';
import type { Conversation } from './conversation.js';
import type { ModelCaller } from './model-caller.js';
import type { ToolBox } from './tool-box.js';
import { done, refused, type ToolResult } from './tools/tool.js';
import type { Transcript } from './transcript.js';
import type { WorkTime } from './work-time.js';

export type LoopEnd =
  | { readonly kind: 'finished'; readonly summary: string | null; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: StepFailure }
  | { readonly kind: 'aborted' };

export interface LoopLimits {
  readonly maxSteps: number;
  /** Of all calls of the step together; null: no limit of its own. */
  readonly maxTokens: number | null;
}

export interface LoopParts {
  readonly context: StepContext;
  readonly caller: ModelCaller;
  readonly tools: ToolBox;
  readonly conversation: Conversation;
  readonly transcript: Transcript;
  readonly time: WorkTime;
  readonly mask: Masker;
  /** Paths of required deliverables that are not there. */
  readonly missing: () => Promise<readonly string[]>;
}

/** Times that an agent may say it is done without being so. */
const MAX_EARLY_FINISHES = 3;

/** An agent at work: the model is asked, its tools are carried out, until it is done or a limit is reached. */
export class AgentLoop {
  private early = 0;
  private tokens = 0;

  constructor(
    private readonly parts: LoopParts,
    private readonly limits: LoopLimits,
  ) {}

  async run(): Promise<LoopEnd> {
    const { caller, conversation, tools } = this.parts;
    for (let turn = 1; turn <= this.limits.maxSteps; turn += 1) {
      if (turn > 1 && turn === this.limits.maxSteps) conversation.say('This is your last turn: finish now.');
      const called = await caller.call(conversation.prompt(), tools.described);
      if (called.kind !== 'answered') return called;
      conversation.answered(called.answer);
      const end = await this.carryOut(called.answer);
      if (end !== null) return end;
      if (this.parts.time.signal.aborted) return { kind: 'aborted' };
      if (this.isTooMuch(called.answer))
        return this.atLimit('token_limit', `${String(this.limits.maxTokens)} tokens`);
    }
    return this.atLimit('step_limit', `${String(this.limits.maxSteps)} turns`);
  }

  /** Carries out what an answer asks for, in its order; null where the agent goes on. */
  private async carryOut(answer: ModelAnswer): Promise<LoopEnd | null> {
    const results: { asked: AskedTool; result: ToolResult }[] = [];
    if (answer.tools.length === 0 && answer.text.trim() === '') return this.saidNothing();
    let summary: string | null = answer.tools.length === 0 ? answer.text : null;
    for (const asked of answer.tools) {
      const read = this.parts.tools.read(asked);
      if (read.kind === 'finish') summary = read.summary;
      const result = await this.resultOf(asked, read);
      results.push({ asked, result });
      if (this.parts.time.signal.aborted) return { kind: 'aborted' };
    }
    const missing = summary === null ? [] : await this.parts.missing();
    this.parts.conversation.results(results);
    if (summary === null) return null;
    if (missing.length === 0) return { kind: 'finished', summary: clean(summary), warnings: [] };
    this.early += 1;
    if (this.early >= MAX_EARLY_FINISHES) return { kind: 'failed', failure: missingArtifact(missing) };
    this.parts.conversation.say(`Not finished: these deliverables are missing: ${missing.join(', ')}.`);
    return null;
  }

  private saidNothing(): LoopEnd | null {
    this.early += 1;
    if (this.early >= MAX_EARLY_FINISHES)
      return {
        kind: 'failed',
        failure: failure('empty_answer', 'The model answered nothing, several times'),
      };
    this.parts.conversation.say('Go on with a tool, or call finish when all is done.');
    return null;
  }

  private async resultOf(asked: AskedTool, read: ReturnType<ToolBox['read']>): Promise<ToolResult> {
    const { tools, transcript, mask, time, context } = this.parts;
    const found =
      read.kind === 'unreadable'
        ? refused(read.why)
        : read.kind === 'finish'
          ? done('It is checked whether everything is there.')
          : await tools.run(read, time.signal);
    // What commands print may hold the step's secrets: the provider is not given them.
    const result = { kind: found.kind, text: mask(found.text) };
    const name = asked.name.slice(0, 100);
    transcript.add({ type: 'tool', name, result: result.kind, text: result.text });
    const [first = ''] = result.text.split('\n');
    context.log.write('system', `${mask(name)}: ${first.slice(0, 200)}\n`);
    return result;
  }

  private isTooMuch({ usage }: ModelAnswer): boolean {
    const { maxTokens } = this.limits;
    if (usage !== null)
      this.tokens += usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
    return maxTokens !== null && this.tokens >= maxTokens;
  }

  /** What is there counts, judged by the gates; what is missing fails the step. */
  private async atLimit(code: string, limit: string): Promise<LoopEnd> {
    const missing = await this.parts.missing();
    if (missing.length > 0) return { kind: 'failed', failure: missingArtifact(missing, ` within ${limit}`) };
    if (this.parts.context.step.artifacts.some(({ required }) => required)) {
      const warning = `The agent did not say that it was done within ${limit}; its deliverables are there`;
      return { kind: 'finished', summary: null, warnings: [warning] };
    }
    return { kind: 'failed', failure: failure(code, `The agent did not finish within ${limit}`) };
  }
}

const missingArtifact = (missing: readonly string[], within = ''): StepFailure =>
  failure(
    'missing_artifact',
    `The agent did not make what its profile requires${within}: ${missing.join(', ')}`,
  );

/** Kept in the database, which holds no NUL. */
const clean = (summary: string): string => summary.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 20_000);
