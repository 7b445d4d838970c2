import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const RESTART_MS = 1000;

export type ProcessKind = 'api' | 'worker';

/** A place for one process, which is started again whenever it has ended. */
export class Place {
  private child: ChildProcess | null = null;
  private readonly log: WriteStream;
  /** Every process id that was started here. */
  readonly pids: number[] = [];
  /** Ends that nobody of the harness asked for. */
  readonly crashes: string[] = [];
  private expected = false;

  readonly name: string;
  readonly kind: ProcessKind;
  private readonly root: string;
  private readonly environment: Readonly<Record<string, string>>;

  constructor(
    name: string,
    kind: ProcessKind,
    root: string,
    folder: string,
    environment: Readonly<Record<string, string>>,
  ) {
    this.name = name;
    this.kind = kind;
    this.root = root;
    this.environment = environment;
    this.log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
  }

  get isRunning(): boolean {
    return this.child !== null;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    if (this.child !== null) return;
    this.expected = false;
    const main = join(this.root, 'dist/server/main.js');
    const child = spawn(process.execPath, ['--enable-source-maps', main, '--end-with-parent'], {
      env: { PATH: process.env['PATH'] ?? '', ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.root,
    });
    let ready = false;
    child.stdout.on('data', (chunk: Buffer) => (ready ||= chunk.includes('is ready')));
    child.stdout.pipe(this.log, { end: false });
    child.stderr.pipe(this.log, { end: false });
    child.once('exit', (code, signal) => {
      this.child = null;
      if (this.expected) return;
      // A start while the database is away is refused with a sentence; whoever supervises starts it again.
      if (ready) this.crashes.push(`${this.name}: ${String(signal ?? code)}`);
      setTimeout(() => {
        if (!this.expected) this.start();
      }, RESTART_MS);
    });
    if (child.pid !== undefined) this.pids.push(child.pid);
    this.child = child;
  }

  /** Sends a signal; SIGKILL and SIGTERM end the process, and this waits for that end. @returns its exit code */
  async signal(name: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    if (child === null) return null;
    const ends = name === 'SIGKILL' || name === 'SIGTERM';
    if (ends) this.expected = true;
    child.kill(name);
    if (ends && this.child !== null) await once(child, 'exit');
    return child.exitCode;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
