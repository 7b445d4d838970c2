// A small process that starts Git for the server, told over its channel. What a start costs grows with the memory of whoever
// starts: the server's own takes its event loop 20 to 30 ms. It imports nothing, so that it stays small.
import { spawn, type ChildProcess } from 'node:child_process';

/** A Git command, as the server asks for it. */
export interface GitOrder {
  readonly id: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  /** What is kept of its standard output, in bytes; a command that prints more is ended there. */
  readonly maxOutputBytes: number;
  readonly timeoutMs: number;
}

/** `end` ends the command of that id with its helpers. */
export type GitRequest =
  { readonly kind: 'run'; readonly order: GitOrder } | { readonly kind: 'end'; readonly id: number };

export interface GitEnd {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
}

export type GitAnswer =
  | { readonly kind: 'ended'; readonly id: number; readonly end: GitEnd }
  | { readonly kind: 'not_started'; readonly id: number; readonly errno: string; readonly message: string };

const MAX_STDERR = 16_384;
const running = new Map<number, ChildProcess>();

function run({ id, args, cwd, env, input, maxOutputBytes, timeoutMs }: GitOrder): void {
  const child = spawn('git', [...args], { cwd, env: { ...env }, stdio: 'pipe', detached: true });
  running.set(id, child);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child);
  }, timeoutMs);
  const output = collect(child, maxOutputBytes);
  child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (child.pid === undefined) finish(timer, { kind: 'not_started', id, errno: code ?? '', message });
  });
  child.once('close', (exitCode) => {
    finish(timer, { kind: 'ended', id, end: { ...output(), exitCode, timedOut } });
  });
  // A command that ends before it has read its input breaks the pipe; its exit code tells the story.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
}

function finish(timer: NodeJS.Timeout, answer: GitAnswer): void {
  clearTimeout(timer);
  if (!running.delete(answer.id)) return;
  process.send?.(answer);
  endWithServer();
}

function collect(child: ChildProcess, limit: number): () => Pick<GitEnd, 'stdout' | 'stderr' | 'truncated'> {
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    const passed = size <= limit;
    size += chunk.length;
    if (passed && size > limit) endGroup(child);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, MAX_STDERR);
  });
  return () => ({ stdout: Buffer.concat(chunks), stderr, truncated: size > limit });
}

/** Git starts helpers (`upload-pack`, `remote-https`): the group ends as one. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended by itself.
  }
}

function endCommand(id: number): void {
  const child = running.get(id);
  if (child !== undefined) endGroup(child);
}

/** Without its server it ends, once no command is in the middle of a change. */
function endWithServer(): void {
  if (!process.connected && running.size === 0) process.exit();
}

process.on('disconnect', endWithServer);
process.on('message', (request: GitRequest) => {
  if (request.kind === 'run') run(request.order);
  else endCommand(request.id);
});
