import { CommandExecutor } from '../../execution/executors/command.js';
import type { CommandSettings } from '../../execution/executors/command.js';
import type { StepOutcome } from '../../execution/executors/executor.js';
import { EMPTY_REPORT, failed } from '../../execution/executors/outcome.js';
import type { ApiClient } from '../api/api-client.js';
import { ApiProblem, CliError } from '../api/cli-error.js';
import type { ClaimAnswerDto } from '../api/generated/types.gen.js';
import { contextOf } from './claimed-context.js';
import { StepDelivery, type StepEnd } from './delivery.js';
import { HeldStep, type Claimed } from './held-step.js';
import { RemoteArtifacts } from './remote-artifacts.js';
import { RemoteLog } from './remote-log.js';
import { emptyFolders, repositoryFolders, type StepFolders, type WorkspaceKind } from './step-folders.js';

/** What runs the steps of this worker. */
export interface StepCommand {
  /** Runs in a shell. */
  readonly command: string;
  readonly workspace: WorkspaceKind;
  /** `PATH` and the like; what every step sees of this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

const MIB = 1024 * 1024;

const SETTINGS: Omit<CommandSettings, 'environment'> = {
  toolFolder: null,
  readOnlyFolders: [],
  sandbox: { kind: 'off' },
  processLimits: { fileBytes: null, processes: null, cpuSeconds: null },
  graceMs: 2000,
  lineBytes: 60_000,
  maxContextBytes: 1024 * MIB,
  // How much a step may leave is for the server to say.
  report: {
    artifacts: { maxArtifactBytes: Number.MAX_SAFE_INTEGER, maxArtifacts: 10_000 },
    evidenceBytes: 64 * MIB,
  },
};

/**
 * Does a claimed step and delivers it.
 * @param shutdown aborted when the step is to be handed back
 */
export async function runClaim(
  api: ApiClient,
  claimed: Claimed,
  command: StepCommand,
  shutdown: AbortSignal,
): Promise<StepEnd> {
  const held = new HeldStep(api, claimed);
  const handBack = (): void => held.handBack();
  shutdown.addEventListener('abort', handBack);
  if (shutdown.aborted) handBack();
  try {
    return await doStep(api, claimed.claim, command, held);
  } catch (error) {
    // The server refuses the last word, or the lease ran out while it was on its way.
    if (error instanceof ApiProblem || held.lost.aborted) return LOST;
    throw error;
  } finally {
    shutdown.removeEventListener('abort', handBack);
    held.release();
  }
}

async function doStep(
  api: ApiClient,
  claim: ClaimAnswerDto,
  command: StepCommand,
  held: HeldStep,
): Promise<StepEnd> {
  const delivery = new StepDelivery(api, claim, held.lost);
  const folders = await openFolders(api, claim, command, held).catch((error: unknown) => {
    if (error instanceof CliError && !held.ended.aborted) return workerError(error);
    throw error;
  });
  if ('kind' in folders) return delivery.deliver(folders, () => Promise.resolve(null));
  try {
    const outcome = await execute(api, claim, command, { held, folders });
    return held.lost.aborted ? LOST : await delivery.deliver(outcome, () => folders.pack());
  } finally {
    await folders.remove();
  }
}

const openFolders = (
  api: ApiClient,
  claim: ClaimAnswerDto,
  { workspace, environment }: StepCommand,
  held: HeldStep,
): Promise<StepFolders> =>
  workspace === 'empty' ? emptyFolders() : repositoryFolders(api, claim, environment, held.ended);

const LOST: StepEnd = { kind: 'lost' };

async function execute(
  api: ApiClient,
  claim: ClaimAnswerDto,
  { command, environment, env, secrets }: StepCommand,
  { held, folders }: { readonly held: HeldStep; readonly folders: StepFolders },
): Promise<StepOutcome> {
  const log = new RemoteLog(api, claim, held.lost);
  const store = new RemoteArtifacts(api, claim, held.ended);
  try {
    const context = contextOf(claim, { folders, log, signal: held.ended, command, env, secrets });
    return await new CommandExecutor({ ...SETTINGS, environment }, store).execute(context);
  } catch (error) {
    // What was to be read first could not be.
    if (!(error instanceof CliError)) throw error;
    return workerError(error);
  } finally {
    await log.end();
  }
}

const workerError = (error: CliError): StepOutcome => failed('worker_error', error.message, EMPTY_REPORT);
