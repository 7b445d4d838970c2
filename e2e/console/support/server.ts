import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cwd, env, execPath } from 'node:process';
import { Client } from 'pg';
import type * as EmbeddedPostgres from '../../../server/src/persistence/embedded-postgres.js';

const EMBEDDED = join(cwd(), 'dist/server/persistence/embedded-postgres.js');
const START_MS = 90_000;

export interface ServerOptions {
  /** The first administrator; without one the server waits for its first-run page. */
  readonly admin?: { readonly email: string; readonly password: string };
  /** A free one where absent. */
  readonly port?: number;
  /** Further settings. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server of the built product, on a free port, with a data folder of its own. */
export class TestServer {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly printed: { text: string },
  ) {}

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const port = options.port ?? (await freePort());
    const folder = await mkdtemp(join(tmpdir(), 'orchestrator-e2e-'));
    const child = spawn(execPath, ['dist/server/main.js'], {
      env: {
        PATH: env['PATH'],
        PORT: String(port),
        DATA_DIR: join(folder, 'data'),
        REPOSITORY_ROOTS: folder,
        ...(options.admin
          ? { ADMIN_EMAIL: options.admin.email, ADMIN_PASSWORD: options.admin.password }
          : {}),
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed.text += chunk.toString()));
    }
    const server = new TestServer(`http://127.0.0.1:${String(port)}`, child, folder, printed);
    await server.ready();
    return server;
  }

  /** What the server printed on its terminal so far. */
  get output(): string {
    return this.printed.text;
  }

  /** Reads or seeds the server's own database. */
  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return await this.withDatabase(async (client) => (await client.query(sql, [...values])).rows as Row[]);
  }

  /** Works with a connection of its own to the server's database. */
  async withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const { attachEmbeddedPostgres } = (await import(EMBEDDED)) as typeof EmbeddedPostgres;
    const client = new Client({ connectionString: await attachEmbeddedPostgres(join(this.folder, 'data')) });
    await client.connect();
    return await work(client).finally(() => client.end());
  }

  get console(): string {
    return `${this.url}/orchestrator/`;
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.process;
    const running = exitCode === null && signalCode === null;
    if (running) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
    if (!running) {
      throw new Error(`The server ended by itself (${String(exitCode ?? signalCode)}):\n${this.output}`);
    }
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      if (this.process.exitCode !== null) throw new Error(`The server ended:\n${this.output}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.ok && this.output.includes('ready')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The server did not become ready:\n${this.output}`);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
