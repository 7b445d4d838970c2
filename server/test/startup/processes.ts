import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../../../dist/server/main.js');
const PATIENCE_MS = 45_000;

/** A started orchestrator with what it printed. */
export interface StartedProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts the built server as an operator would, with nothing of our environment but the PATH. */
export function startProcess(
  environment: Readonly<Record<string, string>>,
  ...options: string[]
): StartedProcess {
  const child = spawn(process.execPath, [MAIN, ...options], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  return { child, output: () => text, exited };
}

/** Waits until the condition holds. @throws with what the process printed where it does not in time. */
export async function until(condition: () => Promise<boolean> | boolean, said: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain; the process said:\n${said()}`);
    await delay(50);
  }
}

export async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
