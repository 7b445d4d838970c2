import { hostname } from 'node:os';
import { Option, type Command } from 'commander';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { duration } from '../output/figures.js';
import { plain } from '../output/printable.js';
import type { StepEnd } from '../worker/delivery.js';
import type { Claimed } from '../worker/held-step.js';
import type { StepCommand } from '../worker/run-claim.js';
import type { WorkerOptions } from '../worker/worker.js';
import { collect, whole } from './options.js';

interface CommandOptions {
  readonly exec: string;
  readonly labels?: readonly string[];
  readonly kinds: WorkerOptions['kinds'];
  readonly workspace: boolean;
  readonly name: string;
  readonly concurrency: number;
  readonly env?: readonly string[];
  readonly secret?: readonly string[];
  readonly grace: number;
  readonly once?: boolean;
}

/** What every step sees of this machine. */
const PASSED = [
  'PATH',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
];

const commaList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `worker`. */
export function addWorkerCommand(program: Command, cli: Cli): void {
  program
    .command('worker')
    .summary('do steps of runs on this machine')
    .description(
      'Claims the steps that its labels fit, and runs a command for each in the workspace of the run, with the intake, the ' +
        'earlier artifacts and the place for results in $ORCHESTRATOR_* as every step has them; what it changes in the workspace goes back to the run. SIGTERM or Ctrl-C: ' +
        'claims nothing more, and hands back what does not end within the grace time.',
    )
    .requiredOption('--exec <command>', 'what does a step; a line for the shell')
    .option(
      '--labels <a,b>',
      'what this machine can do: it gets the steps whose labels are all among these',
      commaList,
    )
    .addOption(
      new Option('--kinds <worker,llm>', 'steps for workers, or also those of agents')
        .argParser(commaList)
        .default(['worker']),
    )
    .option('--no-workspace', 'begin each step in an empty folder, without the files of the run')
    .option('--name <name>', 'name of the worker in lists and histories', hostname())
    .option('-c, --concurrency <n>', 'steps at a time', whole(1, 64), 1)
    .option('--env <NAME>', 'a variable of this machine to pass to the steps; repeatable', collect)
    .option('--secret <NAME>', 'the same, and masked in their logs; repeatable', collect)
    .option(
      '--grace <seconds>',
      'time to end for what still runs when the worker is stopped',
      whole(0, 86_400),
      10,
    )
    .option('--once', 'end after one step: exit code 0 where it succeeded, 3 otherwise')
    .action((options: CommandOptions) => work(cli, options));
}

async function work(cli: Cli, options: CommandOptions): Promise<void> {
  const api = await cli.connect();
  // Loaded when it is needed: the executors are a large part of the server.
  const { Worker } = await import('../worker/worker.js');
  const worker = new Worker(api, optionsOf(cli, options));
  let asked = 0;
  const stop = (): void => {
    asked += 1;
    if (asked === 1)
      cli.out.remark('Stopping: nothing more is claimed; once more hands back at once what still runs.');
    worker.stop(asked === 1 ? options.grace * 1000 : 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    if (!cli.json) cli.out.line(`${options.name} works for ${api.url}.`);
    await worker.work();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, stop);
  }
}

function optionsOf(cli: Cli, options: CommandOptions): WorkerOptions {
  const begun = new Map<string, number>();
  const { name, labels = [], kinds, concurrency, once = false } = options;
  return {
    ...{ name, labels, kinds, concurrency, once },
    command: commandOf(cli, options),
    onClaim: (claimed) => {
      begun.set(claimed.claim.step.id, performance.now());
      say(cli, claimed, { kind: 'claimed' }, null);
    },
    onEnd: (claimed, end) => {
      say(cli, claimed, end, (performance.now() - (begun.get(claimed.claim.step.id) ?? 0)) / 1000);
      if (once && end.kind !== 'succeeded') cli.exitCode = EXIT.failed;
    },
    onConnection: (state) =>
      cli.out.remark(
        state === 'lost' ? 'The server cannot be reached; trying again …' : 'The server is back.',
      ),
  };
}

function say(
  cli: Cli,
  { claim }: Claimed,
  event: StepEnd | { readonly kind: 'claimed' },
  seconds: number | null,
): void {
  const { step } = claim;
  if (cli.json) {
    cli.out.jsonLine({
      event: event.kind,
      run_id: step.run_id,
      step_id: step.id,
      phase: step.phase,
      step: step.step,
      try: step.try,
      seconds,
    });
    return;
  }
  const reason = event.kind === 'failed' ? `: ${plain(event.message)}` : '';
  const time = seconds === null ? '' : ` after ${duration(seconds)}`;
  const words = {
    claimed: 'claimed',
    succeeded: 'succeeded',
    failed: 'failed',
    handed_back: 'handed back',
    lost: 'no longer ours',
  };
  cli.out.line(
    `${step.phase}/${step.step} of ${plain(step.project_name)}, try ${step.try}: ${words[event.kind]}${time}${reason}`,
  );
}

function commandOf({ environment }: Cli, options: CommandOptions): StepCommand {
  const value = (name: string): string => {
    const found = environment.variables[name];
    if (found === undefined)
      throw new CliError(`The variable ${name} is to be passed to the steps, but it is not set.`);
    return found;
  };
  const passed = PASSED.filter((name) => environment.variables[name] !== undefined);
  const taken = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  return {
    command: options.exec,
    workspace: options.workspace ? 'repository' : 'empty',
    environment: taken(passed),
    env: taken(options.env ?? []),
    secrets: taken(options.secret ?? []),
  };
}
