import { fork, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import type { GitAnswer, GitOrder, GitRequest } from './git-runner.js';

const PROGRAM = join(import.meta.dirname, `git-runner${extname(import.meta.filename)}`);

interface Awaited {
  readonly resolve: (answer: GitAnswer) => void;
  readonly reject: (reason: Error) => void;
}

/** The process that starts Git for this one: started with the first command, and again where it was lost. */
class GitRunner {
  private child: ChildProcess | null = null;
  private readonly awaited = new Map<number, Awaited>();
  private ids = 0;

  /** Runs a command to its end; `begun` is given what ends it before. */
  run(order: Omit<GitOrder, 'id'>, begun: (end: () => void) => void): Promise<GitAnswer> {
    const id = (this.ids += 1);
    const child = (this.child ??= this.start());
    const send = (request: GitRequest): void => void child.send(request);
    return new Promise((resolve, reject) => {
      this.awaited.set(id, { resolve, reject });
      hold(child);
      send({ kind: 'run', order: { ...order, id } });
      begun(() => {
        if (this.awaited.has(id) && child.connected) send({ kind: 'end', id });
      });
    });
  }

  private start(): ChildProcess {
    const child = fork(PROGRAM, {
      // Ctrl+C in a terminal is for the server alone, which lets go of it when it has ended.
      detached: true,
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (answer: GitAnswer) => {
      this.settle(answer.id)?.resolve(answer);
    });
    child.once('exit', () => this.lose(child));
    child.once('error', () => this.lose(child));
    return child;
  }

  private settle(id: number): Awaited | undefined {
    const awaited = this.awaited.get(id);
    this.awaited.delete(id);
    if (this.awaited.size === 0 && this.child !== null) letGo(this.child);
    return awaited;
  }

  private lose(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    for (const id of [...this.awaited.keys()])
      this.settle(id)?.reject(new Error('The process that starts Git has ended'));
  }
}

/** While a command runs, this process does not end for want of other work; without one, it may. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

export const gitRunner = new GitRunner();
