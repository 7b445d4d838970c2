import type { ClaimRef } from '../claim.js';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bundleNotReadable,
  readBundle,
  readForeignBundle,
  setShallow,
  shallowCommits,
  writeBundle,
} from './bundles.js';
import { BASE_REF } from './import-source.js';
import { deliveredRef, RUN_BRANCH, startRef } from './git-names.js';
import type { OpenedAttempt, RunWorkspaces } from './run-workspace.js';

/** A work tree on its way to another machine. */
export interface PackedStart {
  readonly kind: 'packed';
  readonly file: string;
  readonly commit: string;
  /** Commits without their parents; the history ends there. */
  readonly shallow: readonly string[];
}

/** Moves the workspaces of runs between machines as Git bundles. */
export class WorkspaceTransfer {
  constructor(private readonly workspaces: RunWorkspaces) {}

  /** Packs what a try starts from. The file lies in the try's folder: close the attempt when it was sent. */
  async packStart(
    runId: string,
    stepAttemptId: string,
    fromCommits: readonly string[],
  ): Promise<PackedStart | (OpenedAttempt & { readonly kind: 'failed' })> {
    const opened = await this.workspaces.openAttempt(runId, stepAttemptId, fromCommits);
    if (opened.kind === 'failed') return opened;
    const file = join(opened.exchange, 'start.bundle');
    await writeBundle(this.workspaces.git, opened.workspace, file, []);
    const shallow = await shallowCommits(this.workspaces.repository(runId));
    return { kind: 'packed', file, commit: opened.startCommit, shallow };
  }

  /** Makes the run's repository on this machine from what `packStart` packed on another. */
  async unpackStart(runId: string, file: string, shallow: readonly string[]): Promise<string> {
    const repo = this.workspaces.repository(runId);
    await this.workspaces.git.install();
    await mkdir(repo, { recursive: true });
    await this.workspaces.git.text(['init', '--quiet', '--bare', `--initial-branch=${RUN_BRANCH}`], {
      cwd: repo,
    });
    await setShallow(repo, shallow);
    return readBundle(this.workspaces.git, repo, file, BASE_REF);
  }

  /** Packs what a try committed on top of its start; null where that is nothing. */
  async packResult(runId: string, stepAttemptId: string, commit: string): Promise<string | null> {
    const { git } = this.workspaces;
    const repo = this.workspaces.repository(runId);
    const start = await git.text(['rev-parse', '--verify', startRef(stepAttemptId)], { cwd: repo });
    if (start === commit) return null;
    await git.text(['update-ref', '--no-deref', 'HEAD', commit], { cwd: repo });
    const file = join(repo, 'result.bundle');
    await writeBundle(git, repo, file, [start]);
    return file;
  }

  /**
   * Takes what a try committed elsewhere, under the claim that delivers it.
   * @param folder an empty one, to unpack it in
   * @throws DomainError `bundle_not_readable` (400) also where it does not build on the try's start
   */
  async unpackResult(
    { runId, stepAttemptId, epoch }: ClaimRef,
    bundle: { readonly file: string; readonly folder: string },
  ): Promise<string> {
    const { git } = this.workspaces;
    const repo = this.workspaces.repository(runId);
    // Whoever never fetched a start has nothing that builds on it.
    if (!existsSync(repo)) throw bundleNotReadable();
    const incoming = `${deliveredRef(stepAttemptId, epoch)}-incoming`;
    try {
      const commit = await readForeignBundle(git, repo, bundle, incoming);
      const ofStart = ['merge-base', '--is-ancestor', startRef(stepAttemptId), commit];
      if ((await git.run(ofStart, { cwd: repo })).exitCode !== 0) throw bundleNotReadable();
      await git.text(['update-ref', deliveredRef(stepAttemptId, epoch), commit], { cwd: repo });
      return commit;
    } finally {
      await git.run(['update-ref', '-d', incoming], { cwd: repo });
    }
  }

  /** What `unpackResult` took under this claim; null where it took nothing. */
  async resultOf({ runId, stepAttemptId, epoch }: ClaimRef): Promise<string | null> {
    const repo = this.workspaces.repository(runId);
    if (!existsSync(repo)) return null;
    const ref = ['rev-parse', '--verify', '--quiet', deliveredRef(stepAttemptId, epoch)];
    const found = await this.workspaces.git.run(ref, { cwd: repo });
    return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : null;
  }
}
