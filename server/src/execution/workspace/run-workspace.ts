import { copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid, validate } from 'uuid';
import { systemErrorCode } from '../../artifacts/system-error.js';
import { notFound } from '../../problems/domain-error.js';
import type { StepFailure } from '../executors/executor.js';
import { saveAttempt } from './attempt-commit.js';
import type { AttemptCommit, AttemptFolders } from './attempt-commit.js';
import { leavesOf, openTree } from './attempt-tree.js';
import { saveCheckpoint } from './checkpoint.js';
import type { SavedCheckpoint } from './checkpoint.js';
import { diffCommits, listCommit, readCommitted } from './commit-files.js';
import type { CommittedFile, CutPatch } from './commit-files.js';
import { RUN_BRANCH, startRef } from './git-names.js';
import { Git } from './git.js';
import { BASE_REF, importSource, sourceGitFolder } from './import-source.js';
import type { ImportRules } from './import-source.js';
import { allowedRef, allowedUrl } from './repository-source.js';
import type { RepositorySource } from './repository-source.js';
import { removeTree } from './tree-removal.js';
import type { WorkspaceSettings } from './workspace-settings.js';

export type OpenedAttempt =
  | {
      readonly kind: 'opened';
      readonly workspace: string;
      readonly exchange: string;
      readonly startCommit: string;
    }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

const MAX_LISTING = 64 * 1024 * 1024;

/** The Git repositories of runs: one bare repository a run, one work tree of its own for every step attempt. */
export class RunWorkspaces {
  readonly git: Git;

  constructor(private readonly settings: WorkspaceSettings) {
    this.git = new Git({
      environment: settings.environment,
      configFile: join(settings.root, 'git.config'),
      timeoutMs: settings.limits.gitTimeoutMs,
      maxOutputBytes: MAX_LISTING,
    });
  }

  /** Says early, before a run exists, whether its source may be used. Does not call out. @throws DomainError as `prepare` */
  async check(source: RepositorySource): Promise<void> {
    if (source.kind === 'empty' || source.kind === 'bundle') return;
    allowedRef(source.ref);
    if (source.kind === 'url') allowedUrl(source.url);
    if (source.kind !== 'path') return;
    await this.git.install();
    await sourceGitFolder(this.git, source.path, this.settings.repositoryRoots);
  }

  /**
   * Makes the run's repository, once: a second call, also after a crash in the first, finds or makes the same.
   * @throws DomainError `repository_not_allowed`, `repository_not_found`, `ref_not_found` (400), `repository_too_large` (413), `git_missing` (503), `git_timeout` (504)
   */
  async prepare(runId: string, source: RepositorySource): Promise<{ readonly baseCommit: string }> {
    const repo = this.repository(runId);
    await this.git.install();
    if (!(await exists(repo))) await this.importOnce(runId, repo, source);
    return { baseCommit: await this.git.text(['rev-parse', '--verify', BASE_REF], { cwd: repo }) };
  }

  /** The commit a run started from, its checkpoints and branches live here; steps only read its objects. */
  repository(runId: string): string {
    return join(this.runFolder(runId), 'repo.git');
  }

  /**
   * A clean work tree for a step attempt at a commit, or at the merge of several.
   * Parallel changes that contradict each other are the failure `merge_conflict`, which names the files.
   */
  async openAttempt(
    runId: string,
    stepAttemptId: string,
    fromCommits: readonly string[],
  ): Promise<OpenedAttempt> {
    const folder = this.attemptFolder(runId, stepAttemptId);
    const { repo, workspace, index } = this.folders(runId, stepAttemptId);
    await removeTree(folder);
    await mkdir(join(folder, 'exchange'), { recursive: true });
    const leaves = await leavesOf(this.git, repo, fromCommits);
    const opened = await openTree(this.git, repo, workspace, leaves, startRef(stepAttemptId));
    if (opened.kind === 'failed') return opened;
    await copyFile(join(workspace, '.git/index'), index);
    return { kind: 'opened', workspace, exchange: join(folder, 'exchange'), startCommit: opened.commit };
  }

  /**
   * Saves what a step left in its work tree; the start commit where it changed nothing.
   * @throws DomainError `workspace_too_large` (413)
   */
  async commitAttempt(runId: string, stepAttemptId: string, message: string): Promise<AttemptCommit> {
    const folders = this.folders(runId, stepAttemptId);
    return saveAttempt(this.git, folders, stepAttemptId, message, this.settings.limits.maxWorkspaceBytes);
  }

  /** Removes an attempt's folders; what it committed stays in the run's repository. */
  async closeAttempt(runId: string, stepAttemptId: string): Promise<void> {
    await removeTree(this.attemptFolder(runId, stepAttemptId));
  }

  /** Merges the last commits of a phase attempt's steps into its checkpoint; the same attempt gives the same commit. */
  async checkpoint(
    runId: string,
    phase: string,
    attempt: number,
    commits: readonly string[],
  ): Promise<SavedCheckpoint> {
    return saveCheckpoint(this.git, this.repository(runId), this.runFolder(runId), {
      phase,
      attempt,
      commits,
    });
  }

  /** The change between two commits as a patch that `git apply` takes, cut at `maxBytes`. */
  diff(runId: string, from: string, to: string, maxBytes: number): Promise<CutPatch> {
    return diffCommits(this.git, this.repository(runId), from, to, maxBytes);
  }

  listFiles(runId: string, commit: string): Promise<CommittedFile[]> {
    return listCommit(this.git, this.repository(runId), commit);
  }

  /** At most `limit` bytes from the start of a file at a commit; null where there is none. */
  readFile(runId: string, commit: string, path: string, limit: number): Promise<Buffer | null> {
    return readCommitted(this.git, this.repository(runId), commit, path, limit);
  }

  /** The runs that have a workspace on this machine. */
  async runs(): Promise<string[]> {
    const names = await readdir(this.settings.root).catch((error: unknown) => {
      // No step had a workspace yet.
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => validate(name));
  }

  /** Removes everything of a run. */
  async remove(runId: string): Promise<void> {
    await removeTree(this.runFolder(runId));
  }

  private async importOnce(runId: string, repo: string, source: RepositorySource): Promise<void> {
    const temporary = join(this.runFolder(runId), `import-${uuid()}`);
    try {
      await mkdir(temporary, { recursive: true });
      await this.git.text(['init', '--quiet', '--bare', `--initial-branch=${RUN_BRANCH}`], {
        cwd: temporary,
      });
      await importSource(this.git, temporary, source, this.importRules());
      await this.git.text(['update-ref', `refs/heads/${RUN_BRANCH}`, BASE_REF], { cwd: temporary });
      await rename(temporary, repo).catch(async (error: unknown) => {
        // Another process was faster: its import is as good.
        if (!(await exists(repo))) throw error;
      });
    } finally {
      await removeTree(temporary);
    }
  }

  private importRules(): ImportRules {
    const { repositoryRoots, allowPrivateHosts, caFile, limits, environment } = this.settings;
    const throughProxy = Object.keys(environment).some((name) => /^(https|all)_proxy$/i.test(name));
    return { repositoryRoots, allowPrivateHosts, caFile, throughProxy, ...limits };
  }

  private folders(runId: string, stepAttemptId: string): AttemptFolders {
    const folder = this.attemptFolder(runId, stepAttemptId);
    return {
      repo: this.repository(runId),
      workspace: join(folder, 'workspace'),
      index: join(folder, 'index'),
    };
  }

  private attemptFolder(runId: string, stepAttemptId: string): string {
    if (!validate(stepAttemptId)) throw notFound('Step attempt', stepAttemptId);
    return join(this.runFolder(runId), 'attempts', stepAttemptId);
  }

  private runFolder(runId: string): string {
    if (!validate(runId)) throw notFound('Run', runId);
    return join(this.settings.root, runId);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
