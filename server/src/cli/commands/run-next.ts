import type { Command } from 'commander';
import { given } from '../api/given.js';
import { ApiProblem } from '../api/cli-error.js';
import type { GateDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { gateTable } from './run-show.js';
import { whole } from './options.js';

interface NextOptions {
  readonly wait?: number;
  readonly skipValidation?: boolean;
  readonly reason?: string;
}

/** `next`. */
export function addNextCommand(parent: Command, cli: Cli): void {
  parent
    .command('next')
    .summary('execute the current phase and advance')
    .description(
      'Ends with exit code 2 when a gate blocks, 3 when the phase failed, 4 when an approval is awaited.',
    )
    .argument('<run>', 'id, short id or project name')
    .option('--wait <seconds>', 'how long to wait for the phase; it goes on either way', whole(0, 60), 30)
    .option('--skip-validation', 'waive the gates that block')
    .option('--reason <text>', 'why they are waived; recorded')
    .action((run: string, options: NextOptions) => next(cli, run, options));
}

async function next(cli: Cli, name: string, options: NextOptions): Promise<void> {
  const api = await cli.connect();
  const path = { run_id: await findRun(api, name) };
  const body = given({ skip_validation: options.skipValidation, reason: options.reason });
  const headers = { Prefer: `wait=${options.wait ?? 30}` };
  try {
    const answer = await api.call('advanceRun', { path, body }, { headers });
    if (cli.json) cli.out.json(answer);
    else cli.out.line(`${answer.message}.`);
  } catch (error) {
    if (error instanceof ApiProblem && !cli.json) explain(cli, error);
    throw error;
  }
}

/** The gates stand in the problem as they stand in the run. */
function explain(cli: Cli, { problem }: ApiProblem): void {
  const gates = (problem.gates ?? []) as unknown as GateDto[];
  const blocking = gates.filter((gate) => gate.status !== 'passed');
  if (blocking.length > 0) cli.out.line(gateTable(cli.out, blocking));
}
