import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the whole process group is killed. */
  readonly timeoutMs: number;
  /** Bytes kept of each stream: the last ones, what came before is dropped. */
  readonly maxBytes: number;
  readonly input?: string | Buffer;
}

export interface ProcessResult {
  /** null when ended by a signal or never started. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  /** The program is not installed here. */
  readonly missing: boolean;
  /** More was printed than was kept. */
  readonly truncated: boolean;
  /** Milliseconds. */
  readonly durationMs: number;
}

const PIPE_GRACE_MS = 2000;
const running = new Set<number>();

/** Ends every process group that was started here and still runs. */
export function endAllProcesses(): void {
  for (const pid of running) endGroup(pid);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the group ended by itself between the check and the signal.
  }
}

/** Keeps the last `limit` bytes of a stream. */
class Tail {
  private chunks: Buffer[] = [];
  private size = 0;
  dropped = false;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.chunks.length > 1 && this.size - (this.chunks[0]?.length ?? 0) >= this.limit) {
      this.size -= this.chunks.shift()?.length ?? 0;
      this.dropped = true;
    }
  }

  content(): Buffer {
    const all = Buffer.concat(this.chunks);
    if (all.length <= this.limit) return all;
    this.dropped = true;
    return all.subarray(all.length - this.limit);
  }
}

/**
 * Runs a program without a shell, in a process group of its own.
 * Never throws: a missing program, an exit code and a timeout are all in the result.
 */
export async function runProcess(argv: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  const [program = '', ...rest] = argv;
  const started = performance.now();
  const child = spawn(program, rest, { cwd: options.cwd, env: options.env, detached: true });
  const stdout = new Tail(options.maxBytes);
  const stderr = new Tail(options.maxBytes);
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const end = await settle(child, options.timeoutMs);
  const kept = { stdout: stdout.content(), stderr: stderr.content() };
  const truncated = stdout.dropped || stderr.dropped;
  return { ...end, ...kept, truncated, durationMs: Math.round(performance.now() - started) };
}

type End = Pick<ProcessResult, 'code' | 'signal' | 'timedOut' | 'missing'>;

function settle(child: ChildProcess, timeoutMs: number): Promise<End> {
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let timedOut = false;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) endGroup(pid);
    }, timeoutMs);
    const finish = (end: Omit<End, 'timedOut'>): void => {
      clearTimeout(timer);
      if (pid !== undefined) {
        running.delete(pid);
        endGroup(pid);
      }
      resolve({ ...end, timedOut });
    };
    child.once('error', () => finish({ code: null, signal: null, missing: true }));
    child.once('exit', (code, signal) => {
      // A grandchild that left the group may hold the pipes open for ever.
      const late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPE_GRACE_MS);
      child.once('close', () => {
        clearTimeout(late);
        finish({ code, signal, missing: false });
      });
    });
  });
}
