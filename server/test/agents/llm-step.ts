import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { TokenCounts } from '../../src/agents/domain/price.js';
import { ModelAccount, type Grant, type PlannedCall } from '../../src/agents/model-account.js';
import { AgentDesk, type AgentSeat } from '../../src/execution/executors/llm/desk.js';
import type { StepContext, StepOutcome, StepReport } from '../../src/execution/executors/executor.js';
import { LlmExecutor, type LlmSettings } from '../../src/execution/executors/llm/llm.js';
import { languageModel } from '../../src/providers/language-models.js';
import type { CallableModel, ProviderDirectory } from '../../src/providers/provider-directory.js';
import { storedProvider } from '../../src/providers/provider.js';
import type { ExecutorDefinition, StepDefinition } from '../../src/workflow/domain/profile.js';
import { hostPath } from '../execution/repositories.js';
import { stepOf, storeIn, type TestStep } from '../execution/step-context.js';
import type { ModelServer, Protocol } from '../support/model-server.js';

type LlmDefinition = Extract<ExecutorDefinition, { kind: 'llm' }>;

export const KEY = 'sk-key-of-the-provider';

/** An account that keeps in memory what became of every call, and refuses as long as `refuses` says so. */
export class MemoryAccount extends ModelAccount {
  readonly calls: { readonly planned: PlannedCall; state: 'reserved' | 'released' | TokenCounts }[] = [];
  refuses: string | null = null;
  asked = 0;

  override reserve(planned: PlannedCall): Promise<Grant> {
    this.asked += 1;
    if (this.refuses !== null) return Promise.resolve({ kind: 'refused', message: this.refuses });
    this.calls.push({ planned, state: 'reserved' });
    return Promise.resolve({ kind: 'granted', callId: String(this.calls.length - 1) });
  }

  override settle(callId: string, used: TokenCounts): Promise<void> {
    return this.become(callId, used);
  }

  override release(callId: string): Promise<void> {
    return this.become(callId, 'released');
  }

  private become(callId: string, state: 'released' | TokenCounts): Promise<void> {
    const call = this.calls[Number(callId)];
    if (call?.state !== 'reserved') throw new Error(`The call ${callId} is not open`);
    call.state = state;
    return Promise.resolve();
  }
}

/** A desk whose run changes when a test says so. */
export class TestDesk extends AgentDesk {
  readonly holds: (string | null)[] = [];
  paused = false;
  private wakers: (() => void)[] = [];

  override seat(stepAttemptId: string): Promise<AgentSeat> {
    const place = {
      runId: 'run',
      phaseAttemptId: stepAttemptId,
      phase: 'build',
      step: 'unit',
      agentId: 'unit',
    };
    return Promise.resolve({ place, ownerId: 'owner' });
  }

  override hold(_id: string, reason: string | null): Promise<void> {
    if (this.holds.at(-1) !== reason) this.holds.push(reason);
    return Promise.resolve();
  }

  override isPaused(): Promise<boolean> {
    return Promise.resolve(this.paused);
  }

  override untilChanged(_runId: string, _withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.wakers.push(resolve);
      signal.addEventListener('abort', () => resolve());
      if (signal.aborted) resolve();
    });
  }

  change(): void {
    for (const wake of this.wakers.splice(0)) wake();
  }
}

export interface AgentStep extends TestStep {
  readonly account: MemoryAccount;
  readonly desk: TestDesk;
  readonly base: string;
  execute(): Promise<StepOutcome>;
}

export interface AgentStepOptions {
  readonly protocol?: Protocol;
  /** Asked after the first, in this order. */
  readonly fallbacks?: readonly ModelServer[];
  readonly definition?: Partial<LlmDefinition>;
  readonly step?: Partial<StepDefinition>;
  readonly context?: Partial<StepContext>;
  readonly settings?: Partial<LlmSettings>;
}

const DEFINITION: LlmDefinition = {
  kind: 'llm',
  role: 'You write files.',
  task: 'Write what is asked for.',
  model: 'default',
  maxSteps: 8,
  tools: ['list', 'read', 'search', 'write', 'patch', 'run'],
  maxTokens: null,
};

/** A step of an agent in folders of its own, whose models are scripted servers. */
export async function agentStep(models: ModelServer, options: AgentStepOptions = {}): Promise<AgentStep> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-agent-')));
  const { protocol = 'anthropic', fallbacks = [], definition, step, context, settings } = options;
  const made = stepOf(base, { ...DEFINITION, ...definition }, step, context);
  const account = new MemoryAccount();
  const desk = new TestDesk();
  const chain = [models, ...fallbacks].map((server, index) => callable(server, protocol, index));
  const providers = { chain: () => Promise.resolve(chain) } as unknown as ProviderDirectory;
  const executor = new LlmExecutor({ ...SETTINGS, ...settings }, storeIn(base), providers, account, desk);
  return { ...made, base, account, desk, execute: () => executor.execute(made.context) };
}

function callable(server: ModelServer, protocol: Protocol, index: number): CallableModel {
  const kind = protocol === 'openai_responses' ? 'openai' : protocol;
  const api = protocol === 'openai_responses' ? ('responses' as const) : null;
  const row = {
    ...{ id: String(index), kind, name: kind, baseUrl: server.url, region: null, api, sealedKey: null },
    ...{ defaultModel: null, agentModels: {}, priority: 0, enabled: true, ownerId: null },
    ...{ createdAt: new Date(), updatedAt: new Date() },
  };
  const model = `model-${String(index)}`;
  const call = languageModel(storedProvider(row, true), KEY, model);
  return { kind, provider: kind, model, secrets: [KEY], call };
}

const SETTINGS: LlmSettings = {
  environment: { PATH: hostPath },
  toolFolder: null,
  commands: {
    ...{ mode: 'sandboxed', hide: [], readOnlyFolders: [], graceMs: 300, lineBytes: 1000 },
    processLimits: { fileBytes: null, processes: null, cpuSeconds: null },
  },
  calls: { retries: 2, backoffMs: 1, silenceMs: 30_000, maxOutputTokens: 4000, budgetPollMs: 50 },
  maxContextBytes: 1_000_000,
  report: { artifacts: { maxArtifactBytes: 10_000_000, maxArtifacts: 100 }, evidenceBytes: 1_000_000 },
};

/** What the step left, whatever became of it. */
export const reportOf = (outcome: StepOutcome): StepReport => {
  if (outcome.kind === 'handed_back') throw new Error('The step was handed back');
  return outcome.report;
};

/** The transcript as text, in one of its forms. */
export async function transcriptOf(outcome: StepOutcome, form: 'jsonl' | 'md' = 'jsonl'): Promise<string> {
  const found = reportOf(outcome).artifacts.find(({ path }) => path === `transcripts/unit.${form}`);
  if (found === undefined) throw new Error('There is no transcript');
  return readFile(found.file, 'utf8');
}
