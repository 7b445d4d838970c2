import { join } from 'node:path';
import type { ModelAccount } from '../agents/model-account.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AppConfig } from '../config/app-config.js';
import type { ProviderDirectory } from '../providers/provider-directory.js';
import { CommandExecutor } from './executors/command.js';
import { HttpExecutor } from './executors/http.js';
import type { AgentDesk } from './executors/llm/desk.js';
import { LlmExecutor } from './executors/llm/llm.js';
import type { ReportLimits } from './executors/step-report.js';

const MIB = 1024 * 1024;
/** Between SIGTERM and SIGKILL of a step's processes. */
const STEP_GRACE_MS = 2000;
/** Programs that the built-in profiles call, beside the build. */
const TOOL_FOLDER = join(import.meta.dirname, '../../../server/bin');

const PROGRAM_FOLDER = join(import.meta.dirname, '../../..');
/** Folders in hidden ones that sandboxed commands see: the programs themselves. */
const PROGRAM_FOLDERS = [PROGRAM_FOLDER];
/** What sandboxed commands do not see: the data, and the settings that `npm start` reads. */
const hiddenFrom = (config: AppConfig): string[] => [config.dataDir, join(PROGRAM_FOLDER, '.env')];
const PROCESS_LIMITS = { fileBytes: 4096 * MIB, processes: null, cpuSeconds: null };
/** Of the copies of earlier artifacts that a step is given. */
const MAX_CONTEXT_BYTES = 1024 * MIB;
/** A model that is silent for so long, as some are while they reason, is given up. */
const MODEL_SILENCE_MS = 5 * 60 * 1000;

/** The executors with the settings of this process. */
export function commandExecutor(config: AppConfig, store: ArtifactStore): CommandExecutor {
  const { artifactBytes, artifactsPerRun, lineBytes } = config.limits;
  return new CommandExecutor(
    {
      environment: config.hostEnvironment,
      toolFolder: TOOL_FOLDER,
      readOnlyFolders: PROGRAM_FOLDERS,
      sandbox:
        config.sandbox === 'bubblewrap' ? { kind: 'bubblewrap', hide: hiddenFrom(config) } : { kind: 'off' },
      processLimits: PROCESS_LIMITS,
      graceMs: STEP_GRACE_MS,
      lineBytes,
      maxContextBytes: MAX_CONTEXT_BYTES,
      report: reportLimits(artifactBytes, artifactsPerRun),
    },
    store,
  );
}

export function httpExecutor(config: AppConfig): HttpExecutor {
  return new HttpExecutor({ allowPrivate: config.allowPrivateAddresses, maxResponseBytes: 10 * MIB });
}

export function llmExecutor(
  config: AppConfig,
  store: ArtifactStore,
  providers: ProviderDirectory,
  account: ModelAccount,
  desk: AgentDesk,
): LlmExecutor {
  const { artifactBytes, artifactsPerRun, lineBytes } = config.limits;
  return new LlmExecutor(
    {
      ...{ environment: config.hostEnvironment, toolFolder: TOOL_FOLDER },
      commands: {
        ...{ mode: config.agentCommands, hide: hiddenFrom(config), graceMs: STEP_GRACE_MS, lineBytes },
        ...{ readOnlyFolders: PROGRAM_FOLDERS, processLimits: PROCESS_LIMITS },
      },
      calls: {
        ...{ retries: 4, backoffMs: 2000, silenceMs: MODEL_SILENCE_MS },
        ...{ maxOutputTokens: 16_000, budgetPollMs: 2000 },
      },
      maxContextBytes: MAX_CONTEXT_BYTES,
      report: reportLimits(artifactBytes, artifactsPerRun),
    },
    store,
    providers,
    account,
    desk,
  );
}

const reportLimits = (maxArtifactBytes: number, maxArtifacts: number): ReportLimits => ({
  artifacts: { maxArtifactBytes, maxArtifacts },
  evidenceBytes: 64 * MIB,
});
