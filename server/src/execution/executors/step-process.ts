import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Masker } from '../domain/mask.js';
import type { StepLog } from './executor.js';
import { OutputTail, pumpOutput } from './output-pump.js';
import { killStepProcesses, signalGroup } from './step-processes.js';

export interface StepProcess {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stepAttemptId: string;
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
  readonly log: StepLog;
  readonly mask: Masker;
  readonly lineBytes: number;
}

/** How a step's process came to its end. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'not_started'; readonly errno: string };

export interface EndedProcess {
  readonly end: ProcessEnd;
  /** The last part of standard output. */
  readonly tail: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

type Start =
  { readonly kind: 'started'; readonly child: Child } | Extract<ProcessEnd, { kind: 'not_started' }>;

/** Longer timers of Node end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const TAIL_BYTES = 1024 * 1024;
/** What was printed before the end is still read for so long; an escaped process may hold the pipe for ever. */
const DRAIN_MS = 2_000;

/** Runs a step's process in a group of its own to its end, and leaves none of its descendants behind. */
export async function runStepProcess(step: StepProcess): Promise<EndedProcess> {
  const tail = new OutputTail(TAIL_BYTES);
  const started = start(step);
  if (started.kind === 'not_started') return { end: started, tail: '' };
  const { child } = started;
  const target = { log: step.log, mask: step.mask, lineBytes: step.lineBytes };
  const pumps = Promise.all([
    pumpOutput(child.stdout, { ...target, stream: 'stdout', tail }),
    pumpOutput(child.stderr, { ...target, stream: 'stderr', tail: null }),
  ]);
  const end = await untilEnd(child, step);
  if (child.pid !== undefined) await killStepProcesses(step.stepAttemptId, child.pid);
  await drain(child, pumps);
  return { end, tail: tail.text() };
}

function start(step: StepProcess): Start {
  const [program = '', ...args] = step.argv;
  try {
    const child = spawn(program, args, {
      cwd: step.cwd,
      env: { ...step.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return { kind: 'started', child };
  } catch (error) {
    // Arguments that no process can have (a NUL byte, an empty program name), or a list too long.
    return { kind: 'not_started', errno: (error as NodeJS.ErrnoException).code ?? 'EINVAL' };
  }
}

function untilEnd(child: Child, step: StepProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let stopped: ProcessEnd | null = null;
    let kill: NodeJS.Timeout | null = null;
    const stop = (end: ProcessEnd): void => {
      if (stopped !== null || child.pid === undefined) return;
      stopped = end;
      const group = child.pid;
      signalGroup(group, 'SIGTERM');
      kill = setTimeout(() => signalGroup(group, 'SIGKILL'), step.graceMs);
    };
    const timer = setTimeout(() => stop({ kind: 'timeout' }), Math.min(step.timeoutMs, MAX_TIMER_MS));
    const abort = (): void => stop({ kind: 'aborted' });
    const finish = (end: ProcessEnd): void => {
      clearTimeout(timer);
      if (kill !== null) clearTimeout(kill);
      step.signal.removeEventListener('abort', abort);
      resolve(stopped ?? end);
    };
    step.signal.addEventListener('abort', abort, { once: true });
    if (step.signal.aborted) abort();
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) finish({ kind: 'not_started', errno: error.code ?? 'EINVAL' });
    });
    child.once('exit', (code, signal) => finish(exited(code, signal)));
  });
}

const exited = (code: number | null, signal: NodeJS.Signals | null): ProcessEnd =>
  signal === null ? { kind: 'exited', exitCode: code ?? 0 } : { kind: 'signalled', signal };

async function drain(child: Child, pumps: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const late = pause(DRAIN_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([pumps, late]);
  patience.abort();
  child.stdout.destroy();
  child.stderr.destroy();
  await pumps;
}
