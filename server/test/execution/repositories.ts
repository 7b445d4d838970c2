import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkspaceSettings } from '../../src/execution/workspace/workspace-settings.js';

/** A folder of this test's own, without links in its path. */
export const temporaryFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'step-test-')));

export const hostPath = process.env['PATH'] ?? '/usr/bin:/bin';

/** Runs Git as a user would, and gives what it printed. */
export function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Tess', '-c', 'user.email=tess@example.org'];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A repository with one commit of some files. */
export function makeRepository(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, files);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=First');
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

export function workspaceSettings(base: string, changes: Partial<WorkspaceSettings> = {}): WorkspaceSettings {
  return {
    root: join(base, 'workspaces'),
    repositoryRoots: [join(base, 'sources')],
    environment: { PATH: hostPath },
    allowPrivateHosts: false,
    caFile: null,
    limits: {
      maxRepositoryBytes: 64 * 1024 * 1024,
      maxWorkspaceBytes: 16 * 1024 * 1024,
      fetchTimeoutMs: 30_000,
      gitTimeoutMs: 30_000,
    },
    ...changes,
  };
}
