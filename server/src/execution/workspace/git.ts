import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { v7 as uuid } from 'uuid';
import { DomainError } from '../../problems/domain-error.js';
import { GIT_CONFIG, gitEnvironment } from './git-environment.js';

export interface GitSettings {
  /** Variables of the host that Git may see: `PATH`, and proxy settings where there are any. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the one configuration file that Git reads is kept. */
  readonly configFile: string;
  readonly timeoutMs: number;
  /** What is kept of a command's standard output, in bytes. */
  readonly maxOutputBytes: number;
}

export interface GitCall {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  /** Ends the command when it answers false; asked twice a second. */
  readonly keepGoing?: () => Promise<boolean>;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** Standard output was longer than what was kept; the command was ended there. */
  readonly truncated: boolean;
  readonly stderr: string;
}

const MAX_STDERR = 16_384;
const WATCH_EVERY_MS = 500;

/** The Git program, run with argument lists only, an environment of our own, bounded output and a time limit. */
export class Git {
  constructor(private readonly settings: GitSettings) {}

  /** Writes the configuration that every command reads; call it before the first command. */
  async install(): Promise<void> {
    const { configFile } = this.settings;
    await mkdir(dirname(configFile), { recursive: true });
    const temporary = `${configFile}.${uuid()}`;
    await writeFile(temporary, GIT_CONFIG, { mode: 0o600 });
    await rename(temporary, configFile);
  }

  /**
   * Runs a command to its end, whatever its exit code.
   * @throws DomainError `git_missing` (503) without a Git program, `git_timeout` (504) past the time limit.
   */
  run(args: readonly string[], call: GitCall = {}): Promise<GitResult> {
    const cwd = call.cwd ?? dirname(this.settings.configFile);
    const child = spawn('git', [...args], {
      cwd,
      env: { ...gitEnvironment(this.settings.environment, this.settings.configFile), ...call.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    return this.collect(child, args[0] ?? 'git', cwd, call);
  }

  /**
   * The standard output of a command that has to succeed, without its last line end.
   * @throws DomainError `git_failed` (500) with what Git said.
   */
  async text(args: readonly string[], call: GitCall = {}): Promise<string> {
    const result = await this.run(args, call);
    if (result.exitCode !== 0) throw gitFailed(args, result);
    return result.stdout.toString('utf8').replace(/\n$/, '');
  }

  private collect(child: ChildProcess, name: string, cwd: string, call: GitCall): Promise<GitResult> {
    const limit = call.maxOutputBytes ?? this.settings.maxOutputBytes;
    const timeoutMs = call.timeoutMs ?? this.settings.timeoutMs;
    return new Promise((resolve, reject) => {
      const output = new BoundedOutput(child, limit);
      let problem: DomainError | null = null;
      const timer = setTimeout(() => {
        problem = new DomainError(504, 'git_timeout', `git ${name} took longer than ${timeoutMs / 1000} s`);
        endGroup(child);
      }, timeoutMs);
      const watch = call.keepGoing === undefined ? null : watchdog(child, call.keepGoing);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        if (watch !== null) clearInterval(watch);
        settle();
      };
      child.once('error', (error) => finish(() => reject(spawnProblem(error, cwd))));
      child.once('close', (exitCode) =>
        finish(() => (problem ? reject(problem) : resolve(output.result(exitCode)))),
      );
      // A command that ends before it has read its input breaks the pipe; its exit code tells the story.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(call.input ?? '');
    });
  }
}

class BoundedOutput {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private truncated = false;
  private stderr = '';

  constructor(child: ChildProcess, limit: number) {
    child.stdout?.on('data', (chunk: Buffer) => {
      const rest = limit - this.size;
      if (rest > 0) this.chunks.push(chunk.subarray(0, rest));
      this.size += chunk.length;
      if (this.size <= limit || this.truncated) return;
      this.truncated = true;
      endGroup(child);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (this.stderr.length < MAX_STDERR) this.stderr += text.slice(0, MAX_STDERR - this.stderr.length);
    });
  }

  result(exitCode: number | null): GitResult {
    return {
      exitCode: this.truncated ? 0 : (exitCode ?? 128),
      stdout: Buffer.concat(this.chunks),
      truncated: this.truncated,
      stderr: this.stderr,
    };
  }
}

function watchdog(child: ChildProcess, keepGoing: () => Promise<boolean>): NodeJS.Timeout {
  return setInterval(() => {
    keepGoing().then(
      (go) => {
        if (!go) endGroup(child);
      },
      () => undefined,
    );
  }, WATCH_EVERY_MS);
}

/** Git starts helpers (`upload-pack`, `remote-https`): the group ends as one. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended by itself.
  }
}

function spawnProblem(error: NodeJS.ErrnoException, cwd: string): Error {
  // ENOENT is said of the program and of the folder it should start in.
  if (error.code !== 'ENOENT' || !existsSync(cwd)) return error;
  return new DomainError(
    503,
    'git_missing',
    'The program git was not found on this machine: install Git and put it on PATH',
  );
}

/** What Git said, as an error; folders of this machine are left out of the text. */
export function gitFailed(args: readonly string[], result: GitResult): DomainError {
  const said = result.stderr
    .trim()
    .split('\n')
    .slice(-3)
    .join(' ')
    .replaceAll(/'?\/[^\s':]+\/[^\s':]*'?/g, '…');
  return new DomainError(
    500,
    'git_failed',
    `git ${args[0] ?? ''} ended with exit code ${result.exitCode}: ${said}`,
  );
}
