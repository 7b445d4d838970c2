import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { CloneRunDto, RepositoryDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import { amount, collect, jsonOrText, pairs, textOrFile, whole } from './options.js';

/** The options that say what a run is to be. */
export interface RunInput {
  readonly intake?: string;
  readonly project?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly upload?: string;
  readonly param?: readonly string[];
  readonly metadata?: readonly string[];
  readonly budget?: number;
  readonly maxTokens?: number;
  readonly template?: string;
  readonly auto?: boolean;
}

/** Adds them to a command. */
export const withRunInput = (command: Command): Command =>
  command
    .option('-i, --intake <text>', 'what the run is for: a text, @file, or - for standard input')
    .option('--project <name>', 'name of the project')
    .option('-r, --repo <path|url>', 'Git repository: a URL, or a folder on the server')
    .option('--ref <ref>', 'branch, tag or commit of the repository')
    .addOption(
      new Option('--upload <file>', 'ZIP archive or Git bundle of a repository, to be sent').conflicts([
        'repo',
        'ref',
      ]),
    )
    .option(
      '--param <name=value>',
      'a parameter of the profile; the value is read as JSON where it is JSON',
      collect,
    )
    .option('--metadata <name=value>', 'a text to find the run by', collect)
    .option('--budget <usd>', 'US dollars the run may cost', amount)
    .option('--max-tokens <n>', 'tokens the run may use', whole(0, 1e12))
    .option('--template <name>', 'template to start from')
    .option('--auto', 'let the phases start by themselves');

/** What the options say as the body of a request; what they leave open is absent. */
export async function runInput(options: RunInput): Promise<CloneRunDto> {
  const { project, template, param = [], metadata = [], budget, maxTokens } = options;
  const limits = given({ max_cost_usd: budget, max_tokens: maxTokens });
  const named = pairs(param, '--param').map(([name, value]) => [name, jsonOrText(value)] as const);
  return given({
    intake: options.intake === undefined ? undefined : await textOrFile(options.intake),
    project_name: project,
    template,
    auto_advance: options.auto,
    repository: repositoryOf(options),
    budget: Object.keys(limits).length === 0 ? undefined : limits,
    parameters: named.length === 0 ? undefined : Object.fromEntries(named),
    metadata: metadata.length === 0 ? undefined : Object.fromEntries(pairs(metadata, '--metadata')),
  });
}

/** A path that begins here is made absolute; what it names is for the server to say. */
function repositoryOf({ repo, ref }: RunInput): RepositoryDto | undefined {
  if (repo === undefined) return undefined;
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//iu.test(repo) || /^[\w.-]+@[\w.-]+:/u.test(repo);
  return { ...(isUrl ? { url: repo } : { path: resolve(repo) }), ...given({ ref }) };
}
