import { z } from 'zod';
import type { Masker } from '../../../domain/mask.js';
import type { LogStream, StepContext, StepLog } from '../../executor.js';
import { limitPrefix, sandboxPrefix, type ProcessLimits } from '../../sandbox.js';
import { runStepProcess, type ProcessEnd } from '../../step-process.js';
import { bounded, done, refused, type Tool } from './tool.js';

/** How commands of agents are run. */
export interface AgentCommandSettings {
  /** `sandboxed`: without network, the machine read-only; `allowed`: with the rights of the server; `off`: not at all. */
  readonly mode: 'sandboxed' | 'allowed' | 'off';
  /** Folders that a sandboxed command does not see. */
  readonly hide: readonly string[];
  /** Folders in the hidden ones that it sees nevertheless. */
  readonly readOnlyFolders: readonly string[];
  readonly processLimits: ProcessLimits;
  readonly graceMs: number;
  readonly lineBytes: number;
}

export interface CommandPlace {
  readonly context: StepContext;
  readonly env: Readonly<Record<string, string>>;
  readonly temporary: string;
  readonly mask: Masker;
  /** Milliseconds that the step has left. */
  readonly leftMs: () => number;
}

const MAX_COMMAND_MS = 10 * 60 * 1000;
/** Of what a command prints, before head and tail are taken. */
const MAX_CAPTURED = 2_000_000;

const input = z.object({
  command: z.string().min(1).max(20_000).describe('A shell line; it starts in the workspace'),
});

/** Runs a command in the workspace; nothing that it starts outlives it. */
export const runCommand = (
  settings: AgentCommandSettings,
  place: CommandPlace,
): Tool<z.infer<typeof input>> => ({
  name: 'run_command',
  description:
    'Runs a shell line in the workspace and gives what it printed and how it ended. There may be no network.',
  input,
  run: async ({ command }, signal) => {
    const argv = await argvOf(settings, place, command);
    if (argv === null)
      return refused(
        'Commands are not available here: the operator allows them only in a sandbox, which is missing.',
      );
    const { context, env, mask } = place;
    const output = new Captured(context.log);
    const ended = await runStepProcess({
      ...{ argv, cwd: context.workspace, env, stepAttemptId: context.stepAttemptId, signal, mask },
      ...{ timeoutMs: Math.min(MAX_COMMAND_MS, Math.max(1, place.leftMs())), log: output },
      ...{ graceMs: settings.graceMs, lineBytes: settings.lineBytes },
    });
    return done(`${sentence(ended.end)}\n${bounded(output.text)}`);
  },
});

async function argvOf(
  settings: AgentCommandSettings,
  { context, env, temporary }: CommandPlace,
  command: string,
): Promise<string[] | null> {
  if (settings.mode === 'off') return null;
  const path = env['PATH'] ?? '';
  const line = [...((await limitPrefix(settings.processLimits, path)) ?? []), '/bin/sh', '-c', command];
  if (settings.mode === 'allowed') return line;
  const folders = { temporary, readOnly: settings.readOnlyFolders };
  const prefix = await sandboxPrefix({ kind: 'bubblewrap', hide: settings.hide }, context, folders, path);
  return prefix === null ? null : [...prefix, ...line];
}

/** Both streams in the order in which they came, for the model and for the log. */
class Captured implements StepLog {
  text = '';

  constructor(private readonly log: StepLog) {}

  write(stream: LogStream, text: string): void {
    this.log.write(stream, text);
    this.text += text;
    if (this.text.length > MAX_CAPTURED * 2) this.text = bounded(this.text, MAX_CAPTURED);
  }

  flush(): Promise<void> {
    return this.log.flush();
  }
}

function sentence(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exited':
      return `Exit code ${String(end.exitCode)}.`;
    case 'signalled':
      return `Ended by ${end.signal}.`;
    case 'timeout':
      return 'It took too long and was ended.';
    case 'aborted':
      return 'It was ended with the step.';
    case 'not_started':
      return `It could not be started (${end.errno}).`;
  }
}
