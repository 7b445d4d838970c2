import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { CommandExecutor } from '../../src/execution/executors/command.js';
import type { CommandSettings } from '../../src/execution/executors/command.js';
import type { LogStream, StepContext, StepLog } from '../../src/execution/executors/executor.js';
import { FolderStore } from '../../src/artifacts/folder-store.js';
import type { ExecutorDefinition, StepDefinition } from '../../src/workflow/domain/profile.js';
import { hostPath } from './repositories.js';

/** A log that keeps what it is given in memory, up to a limit, and counts the rest. */
export class MemoryLog implements StepLog {
  readonly lines: { readonly stream: LogStream; readonly text: string }[] = [];
  characters = 0;
  flushes = 0;

  write(stream: LogStream, text: string): void {
    this.characters += text.length;
    if (this.characters < 1_000_000) this.lines.push({ stream, text });
  }

  flush(): Promise<void> {
    this.flushes += 1;
    return Promise.resolve();
  }

  text(stream: LogStream): string {
    return this.lines
      .filter((line) => line.stream === stream)
      .map((line) => line.text)
      .join('');
  }
}

export interface TestStep {
  readonly context: StepContext;
  readonly log: MemoryLog;
  readonly abort: AbortController;
}

export function stepOf(
  base: string,
  executor: ExecutorDefinition,
  step: Partial<StepDefinition> = {},
  context: Partial<StepContext> = {},
): TestStep {
  const id = uuid();
  const log = new MemoryLog();
  const abort = new AbortController();
  const workspace = join(base, id, 'workspace');
  const exchange = join(base, id, 'exchange');
  mkdirSync(workspace, { recursive: true });
  mkdirSync(exchange);
  return {
    log,
    abort,
    context: {
      runId: uuid(),
      projectName: 'a project',
      phase: 'build',
      phaseAttempt: 2,
      stepAttemptId: id,
      stepTry: 1,
      intake: 'make it so',
      parameters: { channel: 'stable' },
      comment: null,
      earlierArtifacts: [],
      secrets: {},
      workspace,
      exchange,
      callback: null,
      log,
      signal: abort.signal,
      ...context,
      step: { ...DEFAULT_STEP, executor, ...step },
    },
  };
}

export const command = (line: string | readonly string[]): ExecutorDefinition => ({
  kind: 'command',
  command: line,
});

export function commandExecutor(base: string, changes: Partial<CommandSettings> = {}): CommandExecutor {
  return new CommandExecutor({ ...COMMAND_SETTINGS, ...changes }, storeIn(base));
}

export const storeIn = (base: string): FolderStore => new FolderStore(join(base, 'store'));

const COMMAND_SETTINGS: CommandSettings = {
  environment: { PATH: hostPath },
  toolFolder: null,
  readOnlyFolders: [],
  sandbox: { kind: 'off' },
  processLimits: { fileBytes: null, processes: null, cpuSeconds: null },
  graceMs: 300,
  lineBytes: 1000,
  maxContextBytes: 1_000_000,
  report: { artifacts: { maxArtifactBytes: 10_000_000, maxArtifacts: 100 }, evidenceBytes: 1_000_000 },
};

const DEFAULT_STEP: StepDefinition = {
  id: 'unit',
  agent: 'unit',
  needs: [],
  when: null,
  timeoutMs: 60_000,
  retry: { attempts: 1, backoffMs: 2000, exitCodes: false },
  env: {},
  secrets: [],
  artifacts: [],
  evidence: [],
  executor: command('true'),
};
