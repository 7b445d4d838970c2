import type { Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import type { RunSummaryDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { plain } from '../output/printable.js';
import { waiting } from '../output/run-words.js';

interface Reason {
  readonly reason?: string;
}

/** `pause`, `resume`, `cancel`, `rollback` and `skip`. */
export function addControlCommands(parent: Command, cli: Cli): void {
  const run = ['<run>', 'id, short id or project name'] as const;
  parent
    .command('pause')
    .summary('let what runs end, and start nothing else')
    .argument(...run)
    .action((name: string) => change(cli, name, (api, path) => api.call('pauseRun', { path })));
  parent
    .command('resume')
    .summary('let a paused run go on')
    .argument(...run)
    .action((name: string) => change(cli, name, (api, path) => api.call('resumeRun', { path })));
  parent
    .command('cancel')
    .summary('end a run for good')
    .argument(...run)
    .option('--reason <text>', 'why; recorded')
    .action((name: string, body: Reason) =>
      change(cli, name, (api, path) => api.call('cancelRun', { path, body: given(body) })),
    );
  parent
    .command('rollback')
    .summary('return a run to its state after a phase')
    .argument(...run)
    .argument('<phase>', 'the completed phase to return to')
    .action((name: string, phase: string) =>
      change(cli, name, (api, path) => api.call('rollBackRun', { path, body: { phase } })),
    );
  parent
    .command('skip')
    .summary('skip an optional phase')
    .argument(...run)
    .argument('<phase>', 'the phase')
    .option('--reason <text>', 'why; recorded')
    .action((name: string, phase: string, body: Reason) =>
      change(cli, name, (api, path) =>
        api.call('skipPhase', { path: { ...path, phase }, body: given(body) }),
      ),
    );
}

/** Changes a run and says how it stands then. */
export async function change(
  cli: Cli,
  name: string,
  work: (api: ApiClient, path: { readonly run_id: string }) => Promise<RunSummaryDto>,
): Promise<void> {
  const api = await cli.connect();
  sayChanged(cli, await work(api, { run_id: await findRun(api, name) }));
}

/** Says how a run stands after a change. */
export function sayChanged(cli: Cli, run: RunSummaryDto): void {
  if (cli.json) {
    cli.out.json(run);
    return;
  }
  const awaited = waiting(run);
  const rest = awaited === null ? '' : ` Waits on ${awaited}`;
  cli.out.line(`${plain(run.project_name)} is ${run.status} at ${run.current_phase}.${rest}`);
}
