import type { Command } from 'commander';
import { EXIT } from '../api/cli-error.js';
import type { RunDetailDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { outcomeOf, type RunOutcome } from '../watch/run-outcome.js';
import { concluded, waitForRun } from '../watch/wait-for-run.js';

interface WatchOptions {
  readonly exitCode?: boolean;
}

/** `watch`. */
export function addWatchCommand(parent: Command, cli: Cli): void {
  parent
    .command('watch')
    .summary('show a run while it moves')
    .description(
      'Follows the run until it is completed, failed or cancelled. With --json it prints every event on a line of its ' +
        'own. With --exit-code it also stops where the run waits for a person, and ends with 0 completed, 2 blocked ' +
        'by a gate, 3 failed, 4 waiting for a person, 1 otherwise.',
    )
    .argument('<run>', 'id, short id or project name')
    .option('--exit-code', 'let the exit code say how the run stands')
    .action((run: string, options: WatchOptions) => watch(cli, run, options));
}

async function watch(cli: Cli, name: string, options: WatchOptions): Promise<void> {
  const api = await cli.connect();
  const runId = await findRun(api, name);
  const scripted = options.exitCode === true;
  const waited = await waitForRun(cli, api, runId, {
    until: scripted ? outcomeOf : endOf,
    onEvent: (event) => {
      if (cli.json) cli.out.jsonLine(event);
    },
  });
  const code = concluded(cli, runId, waited);
  cli.exitCode = scripted || waited.kind === 'interrupted' ? code : EXIT.completed;
}

/** Somebody who looks on sees the run through: also when another person has to act meanwhile. */
const endOf = (run: RunDetailDto): RunOutcome | null =>
  run.status === 'running' || run.status === 'paused' ? null : outcomeOf(run);
