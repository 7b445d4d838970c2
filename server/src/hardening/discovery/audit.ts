import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseName, folderOf, isForeign, isSample } from '../domain/paths.js';
import type { Finding } from '../domain/finding.js';
import type { Repository } from '../repository.js';
import { runProcess, type ProcessResult } from '../run-process.js';
import { readAudit, type AuditTool } from './audit-formats.js';
import { lockFileOf } from './manifests.js';

const TIMEOUT_MS = 2 * 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_LOCK_FILE = 32 * 1024 * 1024;
const MAX_LOCK_FILES = 20;

export interface LockFileAudit {
  readonly lock_file: string;
  readonly package_manager: string;
  readonly measured: boolean;
  /** Why nothing was measured; null where it was. */
  readonly reason: string | null;
  readonly dependencies: number | null;
  readonly vulnerable: number | null;
}

export interface Audit {
  readonly lockFiles: readonly LockFileAudit[];
  readonly findings: readonly Finding[];
}

const COMMANDS: Readonly<Record<AuditTool, readonly string[]>> = {
  npm: ['npm', 'audit', '--json', '--package-lock-only', '--ignore-scripts'],
  pnpm: ['pnpm', 'audit', '--json'],
  yarn: ['yarn', 'audit', '--json'],
};

/**
 * Audits every lock file of npm, pnpm and yarn (the first twenty) against the configured registry. Only
 * manifest and lock file are given to the tool, in a folder of their own: no script or setting of the
 * repository is used.
 */
export async function auditDependencies(
  repository: Repository,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Audit> {
  const lockFiles: LockFileAudit[] = [];
  const findings: Finding[] = [];
  for (const { path } of repository.files) {
    const manager = isForeign(path) || isSample(path) ? null : lockFileOf(path);
    if (manager === null || lockFiles.length >= MAX_LOCK_FILES) continue;
    const audit = await auditLockFile(repository, path, manager, variables);
    lockFiles.push(audit.lockFile);
    findings.push(...audit.findings);
  }
  return { lockFiles, findings };
}

interface OneAudit {
  readonly lockFile: LockFileAudit;
  readonly findings: readonly Finding[];
}

const isAuditTool = (manager: string): manager is AuditTool => Object.hasOwn(COMMANDS, manager);

async function auditLockFile(
  repository: Repository,
  path: string,
  manager: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<OneAudit> {
  const not = (reason: string): OneAudit => notMeasured(path, manager, reason);
  if (!isAuditTool(manager)) return not(`there is no audit of ${manager} lock files here`);
  const manifest = await repository.readPath([folderOf(path), 'package.json'].filter(Boolean).join('/'));
  const lock = await repository.readPath(path, MAX_LOCK_FILE);
  if (manifest === null || lock === null) return not('the lock file or its package.json cannot be read');
  const folder = await mkdtemp(join(tmpdir(), 'harden-audit-'));
  try {
    await writeFile(join(folder, 'package.json'), manifest);
    await writeFile(join(folder, baseName(path)), lock);
    const options = { cwd: folder, env: variables, timeoutMs: TIMEOUT_MS, maxBytes: MAX_OUTPUT };
    const result = await runProcess(COMMANDS[manager], options);
    const report = readAudit(manager, result.stdout.toString(), path);
    if (report === null) return not(whyNot(manager, result));
    const { dependencies, findings } = report;
    const measured = { measured: true, reason: null, dependencies, vulnerable: findings.length };
    return { lockFile: { lock_file: path, package_manager: manager, ...measured }, findings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyNot(tool: AuditTool, result: ProcessResult): string {
  if (result.missing) return `${tool} is not installed here`;
  if (result.timedOut) return `${tool} did not answer within ${TIMEOUT_MS / 60_000} minutes`;
  const answer = result.stdout.toString().slice(0, 2000);
  // The words of the tool hold the registry's address, which is the operator's own affair.
  const [, status, cause] = /\b([45]\d\d [A-Z][\w ]+\w)|reason: ([\w -]{3,100})/u.exec(answer) ?? [];
  const why = status ?? cause ?? 'it cannot be reached, or offers no audits';
  return `${tool} got no report from the registry: ${why}`;
}

const notMeasured = (path: string, manager: string, reason: string): OneAudit => ({
  lockFile: {
    lock_file: path,
    package_manager: manager,
    measured: false,
    reason,
    dependencies: null,
    vulnerable: null,
  },
  findings: [],
});
