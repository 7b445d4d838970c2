import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import { freePort, isReady, startProcess, type StartedProcess } from '../startup/processes.js';
import { signIn, type ApiClient } from '../support/api-client.js';
import { emailOf, PASSWORD } from '../support/test-app.js';
import { eventually } from '../support/until.js';

/** For the hook that starts a cluster, milliseconds. */
export const START_PATIENCE_MS = 150_000;

/** One API process and worker processes on one database, with short leases. */
export interface Cluster {
  readonly admin: ApiClient;
  readonly api: StartedProcess;
  /** Ready workers, in the order of their start; those that ended stay in the list. */
  readonly workers: readonly StartedProcess[];
  readonly folder: string;
  startWorker(): Promise<StartedProcess>;
  /** The worker that holds the running try of a run's step. */
  holderOf(runId: string, step: string): Promise<StartedProcess>;
  query<T extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** Ends every process, in order, and removes the folder. @returns the exit codes */
  stop(): Promise<readonly (number | null)[]>;
}

/** Starts the processes as an operator would, on a migrated database or an empty one. */
export async function startCluster(
  databaseUrl: string,
  workerCount: number,
  leaseSeconds = 2,
  more: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-recovery-'));
  const environment = { ...environmentOf(databaseUrl, folder, leaseSeconds), ...more };
  const port = await freePort();
  const api = startProcess({ ...environment, ROLE: 'api', PORT: String(port) });
  const workers: StartedProcess[] = [];
  const startWorker = async (): Promise<StartedProcess> => {
    const worker = startProcess({ ...environment, ROLE: 'worker' });
    workers.push(worker);
    await untilReady(worker, () => worker.output().includes('is ready'));
    return worker;
  };
  const end = async (): Promise<readonly (number | null)[]> => {
    const processes = [...workers, api];
    for (const { child } of processes) {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    }
    const codes = await Promise.all(processes.map((process) => process.exited));
    await rm(folder, { recursive: true, force: true });
    return codes;
  };
  const start = async (): Promise<ApiClient> => {
    await untilReady(api, () => isReady(port));
    for (let started = 0; started < workerCount; started += 1) await startWorker();
    return signIn(`http://127.0.0.1:${String(port)}`, emailOf('admin'), PASSWORD);
  };
  const admin = await start().catch((error: unknown) => end().then(() => Promise.reject(error as Error)));
  const query = <T extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<T[]> =>
    ask<T>(databaseUrl, sql, values);
  return {
    admin,
    api,
    workers,
    folder,
    startWorker,
    query,
    holderOf: async (runId, step) => {
      const id = await eventually(
        () => holderId(query, runId, step),
        (found) => found !== null,
      );
      const holder = workers.find(({ child }) => id?.includes(`-${String(child.pid)}-`));
      if (holder === undefined) throw new Error(`${String(id)} is none of the workers`);
      return holder;
    },
    stop: end,
  };
}

/** Processes start slowly on a machine that is busy with other tests. */
async function untilReady(process: StartedProcess, ready: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await ready())) {
    if (process.child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The process does not get ready; it said:\n${process.output()}`);
    }
    await pause(50);
  }
}

const environmentOf = (
  databaseUrl: string,
  folder: string,
  leaseSeconds: number,
): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: join(folder, 'data'),
  ADMIN_EMAIL: emailOf('admin'),
  ADMIN_PASSWORD: PASSWORD,
  SECRET_KEY: 'the same key for all processes of a test',
  LEASE_SECONDS: String(leaseSeconds),
  HEARTBEAT_SECONDS: '1',
  SWEEP_SECONDS: '1',
  GRACE_SECONDS: '0',
  RATE_LIMIT_PER_MINUTE: '1000000',
  RATE_LIMIT_BURST: '100000',
  LOG_LEVEL: 'warn',
});

async function holderId(query: Cluster['query'], runId: string, step: string): Promise<string | null> {
  const [row] = await query<{ worker_id: string }>(
    `SELECT t.worker_id FROM step_attempts t JOIN steps s ON s.id = t.step_id
     WHERE t.run_id = $1 AND s.key = $2 AND t.status = 'running'`,
    [runId, step],
  );
  return row?.worker_id ?? null;
}

/** A connection for each question: the server may have been killed between two. */
async function ask<T extends QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql, [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A command that notes each of its starts and ends in a file outside its workspace, and works until it is let go. */
export class HeldCommand {
  private readonly notesFile: string;
  private readonly gate: string;

  constructor(folder: string, name: string) {
    this.notesFile = join(folder, `${name}.notes`);
    this.gate = join(folder, `${name}.gate`);
  }

  get line(): string {
    return [
      `echo "start $ORCHESTRATOR_STEP $ORCHESTRATOR_STEP_ATTEMPT_ID $$" >> ${this.notesFile}`,
      'echo "what there is so far" > "$ORCHESTRATOR_ARTIFACTS/partial.txt"',
      `while [ ! -e ${this.gate} ]; do sleep 0.05; done`,
      'echo done > "$ORCHESTRATOR_ARTIFACTS/result.txt"',
      `echo "end $ORCHESTRATOR_STEP $ORCHESTRATOR_STEP_ATTEMPT_ID" >> ${this.notesFile}`,
    ].join('\n');
  }

  async notes(what: 'start' | 'end'): Promise<string[]> {
    const text = await readFile(this.notesFile, 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line.startsWith(what));
  }

  async started(times: number): Promise<void> {
    await eventually(
      () => this.notes('start'),
      (notes) => notes.length >= times,
    );
  }

  letGo(): Promise<void> {
    return writeFile(this.gate, '');
  }
}
