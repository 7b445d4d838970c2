import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../../problems/domain-error.js';
import { RunWorkspaces } from '../../execution/workspace/run-workspace.js';
import { removeTree } from '../../execution/workspace/tree-removal.js';
import { WorkspaceTransfer } from '../../execution/workspace/workspace-transfer.js';
import type { ApiClient } from '../api/api-client.js';
import { CliError } from '../api/cli-error.js';
import type { ClaimAnswerDto } from '../api/generated/types.gen.js';
import { untilAnswered } from './until-answered.js';

/** The folders of one try of a step. */
export interface StepFolders {
  readonly workspace: string;
  /** Of the `$ORCHESTRATOR_*` files. */
  readonly exchange: string;
  /** What the step left, as a Git bundle; null where that is nothing. @throws CliError where it cannot be kept */
  pack(): Promise<string | null>;
  remove(): Promise<void>;
}

/** Where the steps of this worker begin. */
export type WorkspaceKind = 'repository' | 'empty';

const SECOND = 1000;

/** An empty workspace, of which nothing goes back but artifacts. */
export async function emptyFolders(): Promise<StepFolders> {
  const root = await newRoot();
  const workspace = join(root, 'workspace');
  const exchange = join(root, 'exchange');
  await Promise.all([mkdir(workspace), mkdir(exchange)]);
  return { workspace, exchange, pack: () => Promise.resolve(null), remove: () => removeTree(root) };
}

/**
 * The workspace of the run, as the steps before left it.
 * @throws CliError where Git is missing, or the server refuses it
 */
export async function repositoryFolders(
  api: ApiClient,
  claim: ClaimAnswerDto,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StepFolders> {
  const root = await newRoot();
  try {
    const workspaces = workspacesIn(root, environment);
    const transfer = new WorkspaceTransfer(workspaces);
    const { id, run_id: runId } = claim.step;
    const bundle = join(root, 'start.bundle');
    const shallow = await fetchStart(api, claim, bundle, signal);
    const commit = await transfer.unpackStart(runId, bundle, shallow);
    const opened = await workspaces.openAttempt(runId, id, [commit]);
    if (opened.kind === 'failed') throw new CliError(opened.failure.message);
    const message = `${claim.step.phase}/${claim.step.step}: what the step left (attempt ${claim.step.attempt})`;
    const pack = async (): Promise<string | null> => {
      const saved = await workspaces.commitAttempt(runId, id, message);
      return transfer.packResult(runId, id, saved.commit);
    };
    const { workspace, exchange } = opened;
    return { workspace, exchange, pack: () => pack().catch(refused), remove: () => removeTree(root) };
  } catch (error) {
    await removeTree(root);
    return refused(error);
  }
}

async function fetchStart(
  api: ApiClient,
  { step, lease }: ClaimAnswerDto,
  file: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const request = { path: { id: step.id }, query: { lease_token: lease.token } };
  const sending = { accept: 'application/x-git-bundle', signal };
  return untilAnswered(async () => {
    const response = await api.open('getStepWorkspace', request, sending);
    const content = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    await pipeline(content, createWriteStream(file));
    return response.headers.get('workspace-shallow')?.split(' ') ?? [];
  }, signal);
}

const newRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'orchestrator-worker-'));

const workspacesIn = (root: string, environment: Readonly<Record<string, string>>): RunWorkspaces =>
  new RunWorkspaces({
    root,
    repositoryRoots: [],
    environment,
    allowPrivateHosts: false,
    caFile: null,
    limits: {
      maxRepositoryBytes: Number.MAX_SAFE_INTEGER,
      // How much a step may leave is for the server to say.
      maxWorkspaceBytes: Number.MAX_SAFE_INTEGER,
      fetchTimeoutMs: 300 * SECOND,
      gitTimeoutMs: 600 * SECOND,
    },
  });

function refused(error: unknown): never {
  if (error instanceof DomainError) throw new CliError(error.message);
  throw error;
}
