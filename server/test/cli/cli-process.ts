import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ApiClient } from '../support/api-client.js';

/** The built command; `npm test` builds it first. */
const MAIN = join(import.meta.dirname, '../../../dist/server/cli/main.js');

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far on standard output. */
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

/** A person's account on a machine: a folder, an environment, and the command. */
export class Person {
  private constructor(
    readonly folder: string,
    readonly configFile: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async on(environment: Readonly<Record<string, string>> = {}): Promise<Person> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-cli-')));
    return new Person(folder, join(folder, '.config', 'orchestrator', 'config.json'), environment);
  }

  /** Somebody who is signed in by an API key of that user. */
  static async of(url: string, user: ApiClient): Promise<Person> {
    const { status, body } = await user.post<{ key: string }>('/api-keys', { name: 'test' });
    if (status !== 201) throw new Error(`No API key: ${JSON.stringify(body)}`);
    return Person.on({ ORCHESTRATOR_SERVER: url, ORCHESTRATOR_API_KEY: body.key });
  }

  /** Starts the command as a process with nothing of our environment but the PATH. */
  start(args: readonly string[], input = '', more: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.environment, ...more },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(input);
    const exited = once(child, 'exit');
    const ended = Promise.all([exited, text(child.stderr), once(child.stdout, 'close')]).then(
      ([[code], stderr]) => ({ code: code as number | null, stdout: said, stderr }),
    );
    return { child, said: () => said, ended };
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Runs a command with `--json` that is to succeed, and reads what it prints. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  async leave(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
