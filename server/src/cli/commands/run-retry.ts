import type { Command } from 'commander';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { sayChanged } from './run-control.js';
import { waitAndConclude } from './run-create.js';

interface RetryOptions {
  readonly phase?: string;
  readonly fromStep?: string;
  readonly wait?: boolean;
}

/** `retry`. */
export function addRetryCommand(parent: Command, cli: Cli): void {
  parent
    .command('retry')
    .summary('try a failed phase again, whole or from a step on')
    .argument('<run>', 'id, short id or project name')
    .option('--phase <name>', 'the phase; the current one where absent')
    .option('--from-step <id>', 'keep what the steps before this one came to')
    .option('--wait', 'wait until the run is settled; the exit code is that of `create --wait`')
    .action((name: string, options: RetryOptions) => retry(cli, name, options));
}

async function retry(cli: Cli, name: string, options: RetryOptions): Promise<void> {
  const api = await cli.connect();
  const path = { run_id: await findRun(api, name) };
  const phase = options.phase ?? (await api.call('getRun', { path })).current_phase;
  const body = given({ from_step: options.fromStep });
  const run = await api.call('retryPhase', { path: { ...path, phase }, body });
  if (options.wait === true) await waitAndConclude(cli, api, path.run_id);
  else sayChanged(cli, run);
}
