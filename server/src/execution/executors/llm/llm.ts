import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelAccount } from '../../../agents/model-account.js';
import type { ArtifactStore } from '../../../artifacts/artifact-store.js';
import { collectArtifacts } from '../../../artifacts/collect.js';
import { DomainError } from '../../../problems/domain-error.js';
import type { CallableModel, ProviderDirectory } from '../../../providers/provider-directory.js';
import type { ExecutorDefinition } from '../../../workflow/domain/profile.js';
import { createMasker, type Masker } from '../../domain/mask.js';
import { stepEnvironment, type HostSettings } from '../command.js';
import { clearExchange, prepareExchange, type Exchange } from '../exchange.js';
import type { StepContext, StepExecutor, StepOutcome } from '../executor.js';
import { EMPTY_REPORT, aborted, failed, failure } from '../outcome.js';
import { readStepReport, type ReportLimits } from '../step-report.js';
import { AgentLoop, type LoopEnd } from './agent-loop.js';
import { Conversation } from './conversation.js';
import type { AgentDesk, AgentSeat } from './desk.js';
import { LineLog } from './line-log.js';
import { ModelCaller, type CallerSettings } from './model-caller.js';
import { instructions, request } from './prompt.js';
import { collectData } from './quoted-data.js';
import { ToolBox } from './tool-box.js';
import { toolsOf } from './tools-of.js';
import type { AgentCommandSettings } from './tools/run-command.js';
import { Transcript } from './transcript.js';
import { WorkTime } from './work-time.js';

export interface LlmSettings extends HostSettings {
  readonly commands: AgentCommandSettings;
  readonly calls: CallerSettings;
  /** Of the copies of earlier artifacts, in all. */
  readonly maxContextBytes: number;
  readonly report: ReportLimits;
}

type LlmDefinition = Extract<ExecutorDefinition, { kind: 'llm' }>;

/** What one try of an agent's step works with. */
interface Work {
  readonly context: StepContext;
  readonly definition: LlmDefinition;
  readonly exchange: Exchange;
  readonly seat: AgentSeat;
  readonly chain: readonly CallableModel[];
  readonly mask: Masker;
  readonly transcript: Transcript;
  readonly time: WorkTime;
}

/** Runs `llm` steps: an agent that works with tools in the workspace. */
export class LlmExecutor implements StepExecutor {
  constructor(
    private readonly settings: LlmSettings,
    private readonly store: ArtifactStore,
    private readonly providers: ProviderDirectory,
    private readonly account: ModelAccount,
    private readonly desk: AgentDesk,
  ) {}

  async execute(context: StepContext): Promise<StepOutcome> {
    if (context.signal.aborted) return aborted(context.signal, EMPTY_REPORT);
    const definition = definitionOf(context);
    try {
      const seat = await this.desk.seat(context.stepAttemptId);
      const wish = { model: definition.model, agent: context.step.agent, ownerId: seat.ownerId };
      const chain = await this.providers.chain(wish);
      // Its provider was removed since it was claimed: it waits for another one.
      if (chain.length === 0) return { kind: 'handed_back' };
      const exchange = await prepareExchange(context, this.store, this.settings.maxContextBytes);
      return await this.work(workOf(context, definition, exchange, seat, chain));
    } catch (error) {
      if (error instanceof DomainError) return failed(error.code, error.message, EMPTY_REPORT);
      throw error;
    } finally {
      // Whoever opened the log stores what is left, also where the database is away now.
      await context.log.flush().catch(() => undefined);
      await clearExchange(context.stepAttemptId);
    }
  }

  private async work(work: Work): Promise<StepOutcome> {
    try {
      const end = await (await this.loop(work)).run();
      return await this.outcome(work, end);
    } finally {
      work.time.stand();
    }
  }

  private async loop(work: Work): Promise<AgentLoop> {
    const { context, definition, transcript, time, mask, seat } = work;
    const tools = new ToolBox(await this.tools(work));
    const facts = {
      ...{ role: definition.role, task: definition.task, agent: context.step.agent },
      ...{ project: context.projectName, phase: context.phase, step: context.step.id },
      ...{ comment: context.comment, deliverables: context.step.artifacts },
      ...{
        tools: { names: tools.names, maxSteps: definition.maxSteps },
        data: await collectData(context, this.store),
      },
      nonce: randomUUID().slice(0, 8),
    };
    const asked = { instructions: mask(instructions(facts)), request: mask(request(facts)) };
    transcript.add({ type: 'prompt', ...asked });
    const place = { context, seat, time, transcript, text: new LineLog(context.log, mask) };
    return new AgentLoop(
      {
        ...{ context, tools, transcript, time, mask },
        caller: new ModelCaller(work.chain, this.account, this.desk, this.settings.calls, place),
        conversation: new Conversation(asked.instructions, asked.request),
        missing: () => this.missing(work),
      },
      { maxSteps: definition.maxSteps, maxTokens: definition.maxTokens },
    );
  }

  private async tools({ context, definition, exchange, time, mask }: Work) {
    return toolsOf(definition.tools, this.settings.commands, {
      workspace: await realpath(context.workspace),
      artifacts: await realpath(exchange.artifactsDir),
      command: {
        ...{ context, mask, temporary: exchange.temporary, leftMs: () => time.left },
        env: stepEnvironment(this.settings, context, exchange),
      },
    });
  }

  private async missing({ context, exchange }: Work): Promise<readonly string[]> {
    const collected = await collectArtifacts({
      ...{ workspace: context.workspace, exchangeArtifactsDir: exchange.artifactsDir },
      ...{ declarations: context.step.artifacts, limits: this.settings.report.artifacts },
    });
    return collected.kind === 'collected' ? collected.missing : [collected.failure.message];
  }

  private async outcome(work: Work, end: LoopEnd): Promise<StepOutcome> {
    const { context, exchange, mask, transcript } = work;
    const timedOut = end.kind === 'aborted' && work.time.isOver;
    transcript.add({ type: 'end', ...(timedOut ? { kind: 'timeout' } : end) });
    const collected = await readStepReport(context, exchange, '', mask, this.settings.report);
    const kept = await transcript.write(join(context.exchange, 'transcript'), context.step.id);
    const report = {
      ...collected.report,
      artifacts: [...collected.report.artifacts, ...kept],
      // Figures count that were read from reports, and usage that was booked as it was made; no words of the agent's.
      measurements: collected.report.measurements.filter(({ source }) => source !== 'reported'),
      usage: [],
      summary: end.kind === 'finished' && end.summary !== null ? mask(end.summary) : null,
      warnings: [...collected.report.warnings, ...(end.kind === 'finished' ? end.warnings : [])],
    };
    if (end.kind === 'aborted' && !timedOut) return aborted(context.signal, report);
    const found = timedOut ? timeout(context) : end.kind === 'failed' ? end.failure : collected.failure;
    if (found === null) return { kind: 'succeeded', report };
    const message = mask(found.message);
    context.log.write('system', `${message}\n`);
    return { kind: 'failed', failure: { ...found, message }, report };
  }
}

function workOf(
  context: StepContext,
  definition: LlmDefinition,
  exchange: Exchange,
  seat: AgentSeat,
  chain: readonly CallableModel[],
): Work {
  const keys = chain.flatMap(({ secrets }) => secrets);
  const mask = createMasker({ ...context.secrets, ...Object.fromEntries(keys.entries()) });
  const title = `Step ${context.step.id} of phase ${context.phase}: what agent ${context.step.agent} did`;
  return {
    ...{ context, definition, exchange, seat, chain, mask },
    transcript: new Transcript(title, mask),
    time: new WorkTime(context.step.timeoutMs, context.signal),
  };
}

const timeout = ({ step }: StepContext) =>
  failure('timeout', `The agent did not finish within ${String(step.timeoutMs / 1000)} s`);

function definitionOf({ step: { executor } }: StepContext): LlmDefinition {
  if (executor.kind !== 'llm')
    throw new Error(`The executor of agents was given a step of kind ${executor.kind}`);
  return executor;
}
