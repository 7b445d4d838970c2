import { delimiter } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { createMasker } from '../domain/mask.js';
import type { Masker } from '../domain/mask.js';
import { clearExchange, prepareExchange } from './exchange.js';
import type { Exchange } from './exchange.js';
import type { StepContext, StepExecutor, StepFailure, StepOutcome } from './executor.js';
import { EMPTY_REPORT, aborted, failed, failureOf } from './outcome.js';
import { limitPrefix, sandboxPrefix } from './sandbox.js';
import type { ProcessLimits, SandboxSetting } from './sandbox.js';
import { runStepProcess } from './step-process.js';
import type { EndedProcess } from './step-process.js';
import { readStepReport } from './step-report.js';
import type { ReportLimits } from './step-report.js';

/** What the processes of steps get from the host. */
export interface HostSettings {
  /** What steps may see of the host's environment: `PATH`, and proxy settings where there are any. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder put before `PATH`, with the programs that built-in profiles call; null for none. */
  readonly toolFolder: string | null;
}

export interface CommandSettings extends HostSettings {
  /** Folders that a sandboxed step reads although they lie in a hidden one. */
  readonly readOnlyFolders: readonly string[];
  readonly sandbox: SandboxSetting;
  readonly processLimits: ProcessLimits;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  readonly lineBytes: number;
  /** Of the copies of earlier artifacts, in all. */
  readonly maxContextBytes: number;
  readonly report: ReportLimits;
}

/** A command to run, and what to make of it beside its exit code. */
export interface CommandPlan {
  readonly argv: readonly string[];
  /** Beside those that every step is given. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the last part of its standard output says about how it went. */
  readonly judge: (stdoutTail: string) => Judged;
}

export interface Judged {
  /** null: nothing that its exit code did not say. */
  readonly failure: StepFailure | null;
  readonly summary: string | null;
}

const UNJUDGED: Judged = { failure: null, summary: null };

/** Runs `command` steps: an argument list, or a line for `/bin/sh`. */
export class CommandExecutor implements StepExecutor {
  constructor(
    private readonly settings: CommandSettings,
    private readonly store: ArtifactStore,
  ) {}

  execute(context: StepContext): Promise<StepOutcome> {
    return this.carryOut(context, { argv: commandOf(context), variables: {}, judge: () => UNJUDGED });
  }

  /** Runs a command that is not the step's own words, such as a coding agent, as `command` steps are run. */
  async carryOut(context: StepContext, plan: CommandPlan): Promise<StepOutcome> {
    const mask = createMasker(context.secrets);
    if (context.signal.aborted) return aborted(context.signal, EMPTY_REPORT);
    try {
      const exchange = await prepareExchange(context, this.store, this.settings.maxContextBytes);
      const argv = await this.argv(context, exchange, plan.argv);
      if (argv.kind === 'missing') return failed('sandbox_unavailable', argv.message, EMPTY_REPORT);
      const ended = await this.run(context, exchange, { ...plan, argv: argv.argv }, mask);
      return await this.outcome(context, exchange, ended, mask, plan);
    } finally {
      // Whoever opened the log stores what is left, also where the database is away now.
      await context.log.flush().catch(() => undefined);
      await clearExchange(context.stepAttemptId);
    }
  }

  private run(
    context: StepContext,
    exchange: Exchange,
    { argv, variables }: CommandPlan,
    mask: Masker,
  ): Promise<EndedProcess> {
    const { stepAttemptId, signal, log, workspace } = context;
    const { graceMs, lineBytes } = this.settings;
    const env = { ...stepEnvironment(this.settings, context, exchange), ...variables };
    const timeoutMs = context.step.timeoutMs;
    return runStepProcess({
      argv,
      cwd: workspace,
      env,
      stepAttemptId,
      timeoutMs,
      graceMs,
      signal,
      log,
      mask,
      lineBytes,
    });
  }

  private async outcome(
    context: StepContext,
    exchange: Exchange,
    ended: EndedProcess,
    mask: Masker,
    plan: CommandPlan,
  ): Promise<StepOutcome> {
    const { report: left, failure } = await readStepReport(
      context,
      exchange,
      ended.tail,
      mask,
      this.settings.report,
    );
    const judged = plan.judge(ended.tail);
    const said = judged.summary === null ? null : mask(judged.summary);
    const report = { ...left, summary: left.summary ?? said };
    if (ended.end.kind === 'aborted') return aborted(context.signal, report);
    const ofProcess = failureOf(ended.end, context.step.timeoutMs);
    const first = ofProcess ?? judged.failure ?? failure;
    if (first === null) return { kind: 'succeeded', report };
    context.log.write('system', `${mask(first.message)}\n`);
    return { kind: 'failed', failure: { ...first, message: mask(first.message) }, report };
  }

  private async argv(
    context: StepContext,
    exchange: Exchange,
    own: readonly string[],
  ): Promise<
    | { readonly kind: 'argv'; readonly argv: string[] }
    | { readonly kind: 'missing'; readonly message: string }
  > {
    const { sandbox, processLimits, environment, readOnlyFolders } = this.settings;
    const path = environment['PATH'] ?? '';
    const limits = await limitPrefix(processLimits, path);
    if (limits === null)
      context.log.write('system', 'prlimit is missing: the limits of processes are not applied\n');
    const command = [...(limits ?? []), ...own];
    if (sandbox.kind === 'off') return { kind: 'argv', argv: command };
    const folders = { temporary: exchange.temporary, readOnly: readOnlyFolders };
    const prefix = await sandboxPrefix(sandbox, context, folders, path);
    const message =
      'The sandbox is turned on, but the program bwrap is missing: install bubblewrap on this machine';
    return prefix === null ? { kind: 'missing', message } : { kind: 'argv', argv: [...prefix, ...command] };
  }
}

/** The variables that a process of a step is started with. */
export function stepEnvironment(
  { environment, toolFolder }: HostSettings,
  context: StepContext,
  exchange: Exchange,
): Record<string, string> {
  const path = environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  return {
    ...environment,
    PATH: toolFolder === null ? path : `${toolFolder}${delimiter}${path}`,
    HOME: exchange.home,
    TMPDIR: exchange.temporary,
    LANG: 'C.UTF-8',
    CI: 'true',
    ...context.step.env,
    ...context.secrets,
    ...exchange.variables,
  };
}

function commandOf(context: StepContext): readonly string[] {
  const { executor } = context.step;
  if (executor.kind !== 'command')
    throw new Error(`The command executor was given a step of kind ${executor.kind}`);
  return typeof executor.command === 'string' ? ['/bin/sh', '-c', executor.command] : executor.command;
}
