import type { Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import type { RunSummaryDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { plain } from '../output/printable.js';
import { shortId, waiting } from '../output/run-words.js';
import { concluded, waitForRun } from '../watch/wait-for-run.js';
import { uploadedRepository } from './upload.js';
import { runInput, withRunInput, type RunInput } from './run-input.js';

interface Waiting {
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
}

type CreateOptions = RunInput & Waiting & { readonly profile: string };
type CloneOptions = RunInput & Waiting & { readonly profile?: string };

const EXIT_CODES =
  'With --wait it ends with exit code 0 when the run is completed, 2 when a gate blocks it, 3 when it failed, 4 when ' +
  'it waits for a person, 1 on any other error, and 130 on Ctrl-C (the run goes on).';

/** `create` and `clone`. */
export function addCreateCommands(parent: Command, cli: Cli): void {
  const create = parent
    .command('create')
    .summary('create a run')
    .description(`Creates a run. ${EXIT_CODES}`)
    .requiredOption('-p, --profile <name>', 'what to run')
    .action(async (options: CreateOptions) => {
      const body = { profile: options.profile, ...(await runInput(options)) };
      await begin(cli, options, async (api, headers) => {
        const sent = await uploadedRepository(api, options.upload);
        return api.call('createRun', { body: { ...body, ...sent } }, { headers });
      });
    });
  const clone = parent
    .command('clone')
    .summary('create a run like another')
    .description(
      `Creates a run like another; what the options name takes the place of what that one has. ${EXIT_CODES}`,
    )
    .argument('<run>', 'id, short id or project name')
    .option('-p, --profile <name>', 'another profile')
    .action(async (name: string, options: CloneOptions) => {
      const body = { ...given({ profile: options.profile }), ...(await runInput(options)) };
      await begin(cli, options, async (api, headers) => {
        const path = { run_id: await findRun(api, name) };
        const sent = await uploadedRepository(api, options.upload);
        return api.call('cloneRun', { path, body: { ...body, ...sent } }, { headers });
      });
    });
  for (const command of [create, clone]) {
    withRunInput(command)
      .option('--idempotency-key <key>', 'the same key creates the run once, however often this is called')
      .option('--wait', 'wait until the run is settled, and show its progress');
  }
}

type Headers = Readonly<Record<string, string>>;

async function begin(
  cli: Cli,
  { wait, idempotencyKey: key }: Waiting,
  make: (api: ApiClient, headers: Headers) => Promise<RunSummaryDto>,
): Promise<void> {
  const api = await cli.connect();
  const run = await make(api, key === undefined ? {} : { 'Idempotency-Key': key });
  if (wait === true) {
    if (!cli.json) cli.out.line(`Created ${plain(run.project_name)} (${shortId(run.run_id)}).`);
    await waitAndConclude(cli, api, run.run_id);
  } else if (cli.json) cli.out.json(run);
  else {
    cli.out.line(`Created ${plain(run.project_name)} (${run.run_id}).`);
    cli.out.line(`Waits on ${waiting(run) ?? 'nothing'}`);
  }
}

/** Waits for a run, and lets the exit code say what it came to. */
export async function waitAndConclude(cli: Cli, api: ApiClient, runId: string): Promise<void> {
  const waited = await waitForRun(cli, api, runId);
  if (cli.json && waited.kind === 'settled') cli.out.json(waited.run);
  cli.exitCode = concluded(cli, runId, waited);
}
