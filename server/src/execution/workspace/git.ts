import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { v7 as uuid } from 'uuid';
import { DomainError } from '../../problems/domain-error.js';
import { GIT_CONFIG, gitEnvironment } from './git-environment.js';
import { gitRunner } from './git-starter.js';

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
  async run(args: readonly string[], call: GitCall = {}): Promise<GitResult> {
    const { environment, configFile, ...limits } = this.settings;
    const cwd = call.cwd ?? dirname(configFile);
    const timeoutMs = call.timeoutMs ?? limits.timeoutMs;
    let watch: NodeJS.Timeout | null = null;
    const order = {
      ...{ args, cwd, timeoutMs, input: call.input ?? '' },
      env: { ...gitEnvironment(environment, configFile), ...call.env },
      maxOutputBytes: call.maxOutputBytes ?? limits.maxOutputBytes,
    };
    const answer = await gitRunner
      .run(order, (end) => (watch = watchdog(call.keepGoing, end)))
      .finally(() => watch !== null && clearInterval(watch));
    if (answer.kind === 'not_started') throw startProblem(answer, cwd);
    const { exitCode, truncated, timedOut, ...printed } = answer.end;
    if (timedOut) throw timeoutProblem(args[0] ?? 'git', timeoutMs);
    return { ...printed, truncated, exitCode: truncated ? 0 : (exitCode ?? 128) };
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
}

/** Asks twice a second whether the command is to go on. */
function watchdog(keepGoing: GitCall['keepGoing'], end: () => void): NodeJS.Timeout | null {
  if (keepGoing === undefined) return null;
  return setInterval(() => {
    keepGoing().then(
      (go) => {
        if (!go) end();
      },
      () => undefined,
    );
  }, WATCH_EVERY_MS);
}

const timeoutProblem = (name: string, timeoutMs: number): DomainError =>
  new DomainError(504, 'git_timeout', `git ${name} took longer than ${timeoutMs / 1000} s`);

function startProblem(
  { errno, message }: { readonly errno: string; readonly message: string },
  cwd: string,
): Error {
  // ENOENT is said of the program and of the folder it should start in.
  if (errno !== 'ENOENT' || !existsSync(cwd)) return new Error(`Git was not started: ${errno} ${message}`);
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
