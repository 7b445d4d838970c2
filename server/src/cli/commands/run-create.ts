import { resolve } from 'node:path';
import type { Command } from 'commander';
import { given } from '../api/given.js';
import type { CreateRunDto, RepositoryDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { shortId, waiting } from '../output/run-words.js';
import { concluded, waitForRun } from '../watch/wait-for-run.js';
import { amount, collect, jsonOrText, pairs, textOrFile, whole } from './options.js';

interface CreateOptions {
  readonly profile: string;
  readonly intake?: string;
  readonly project?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly param?: readonly string[];
  readonly metadata?: readonly string[];
  readonly budget?: number;
  readonly maxTokens?: number;
  readonly template?: string;
  readonly idempotencyKey?: string;
  readonly auto?: boolean;
  readonly wait?: boolean;
}

/** `create`. */
export function addCreateCommand(parent: Command, cli: Cli): void {
  parent
    .command('create')
    .summary('create a run')
    .description(
      'Creates a run. With --wait it ends with exit code 0 when the run is completed, 2 when a gate blocks it, 3 when ' +
        'it failed, 4 when it waits for a person, 1 on any other error, and 130 on Ctrl-C (the run goes on).',
    )
    .requiredOption('-p, --profile <name>', 'what to run')
    .option('-i, --intake <text>', 'what the run is for: a text, @file, or - for standard input')
    .option('--project <name>', 'name of the project')
    .option('-r, --repo <path|url>', 'Git repository: a URL, or a folder on the server')
    .option('--ref <ref>', 'branch, tag or commit of the repository')
    .option(
      '--param <name=value>',
      'a parameter of the profile; the value is read as JSON where it is JSON',
      collect,
    )
    .option('--metadata <name=value>', 'a text to find the run by', collect)
    .option('--budget <usd>', 'US dollars the run may cost', amount)
    .option('--max-tokens <n>', 'tokens the run may use', whole(0, 1e12))
    .option('--template <name>', 'template to start from')
    .option('--idempotency-key <key>', 'the same key creates the run once, however often this is called')
    .option('--auto', 'let the phases start by themselves')
    .option('--wait', 'wait until the run is settled, and show its progress')
    .action((options: CreateOptions) => create(cli, options));
}

async function create(cli: Cli, options: CreateOptions): Promise<void> {
  const api = await cli.connect();
  const key = options.idempotencyKey;
  const run = await api.call(
    'createRun',
    { body: await bodyOf(options) },
    key === undefined ? {} : { headers: { 'Idempotency-Key': key } },
  );
  if (options.wait !== true) {
    if (cli.json) cli.out.json(run);
    else {
      cli.out.line(`Created ${plain(run.project_name)} (${run.run_id}).`);
      cli.out.line(`Waits on ${waiting(run) ?? 'nothing'}`);
    }
    return;
  }
  if (!cli.json) cli.out.line(`Created ${plain(run.project_name)} (${shortId(run.run_id)}).`);
  const waited = await waitForRun(cli, api, run.run_id);
  if (cli.json && waited.kind === 'settled') cli.out.json(waited.run);
  cli.exitCode = concluded(cli, run.run_id, waited);
}

async function bodyOf(options: CreateOptions): Promise<CreateRunDto> {
  const { profile, project, template, param = [], metadata = [], budget, maxTokens } = options;
  const limits = given({ max_cost_usd: budget, max_tokens: maxTokens });
  const named = pairs(param, '--param').map(([name, value]) => [name, jsonOrText(value)]);
  return {
    profile,
    auto_advance: options.auto === true,
    ...given({
      intake: options.intake === undefined ? undefined : await textOrFile(options.intake),
      project_name: project,
      template,
      repository: repositoryOf(options),
      budget: Object.keys(limits).length === 0 ? undefined : limits,
      parameters: named.length === 0 ? undefined : (Object.fromEntries(named) as Record<string, unknown>),
      metadata: metadata.length === 0 ? undefined : Object.fromEntries(pairs(metadata, '--metadata')),
    }),
  };
}

/** A path that begins here is made absolute; what it names is for the server to say. */
function repositoryOf({ repo, ref }: CreateOptions): RepositoryDto | undefined {
  if (repo === undefined) return undefined;
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//iu.test(repo) || /^[\w.-]+@[\w.-]+:/u.test(repo);
  return { ...(isUrl ? { url: repo } : { path: resolve(repo) }), ...given({ ref }) };
}
