import type { Command } from 'commander';
import { parse } from 'yaml';
import type { PhaseDefinitionDto, ProfileErrorDto } from '../api/generated/types.gen.js';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { facts, table } from '../output/table.js';
import { readInput, whole } from './options.js';

interface ShowOptions {
  readonly version?: number;
}

interface PublishOptions {
  readonly name?: string;
}

/** `profiles`. */
export function addProfileCommands(program: Command, cli: Cli): void {
  const profiles = program.command('profiles').summary('list, show, check and publish profiles');
  profiles
    .command('list')
    .summary('list the profiles')
    .action(() => list(cli));
  profiles
    .command('show')
    .summary('show a profile with its phases')
    .argument('<name>', 'name of the profile')
    .option('--version <n>', 'this version instead of the newest', whole(1, 1e9))
    .action((name: string, options: ShowOptions) => show(cli, name, options));
  profiles
    .command('validate')
    .summary('check a profile without publishing it; exit code 1 where it is not valid')
    .argument('<file>', 'YAML or JSON, or - for standard input')
    .action((file: string) => validate(cli, file));
  profiles
    .command('publish')
    .summary('publish a profile; the same definition again is no new version')
    .argument('<file>', 'YAML or JSON, or - for standard input')
    .option('--name <name>', 'name of the profile; the one in the file where absent')
    .action((file: string, options: PublishOptions) => publish(cli, file, options));
}

async function list(cli: Cli): Promise<void> {
  const api = await cli.connect();
  const page = await api.call('listProfiles', { query: { limit: 200 } });
  if (cli.json) {
    cli.out.json(page);
    return;
  }
  const rows = page.profiles.map((profile) => [
    profile.name,
    profile.version,
    profile.phases.map(({ name }) => name).join(', '),
    plain(profile.title),
  ]);
  cli.out.line(table(cli.out, ['NAME', 'VERSION', 'PHASES', 'TITLE'], rows));
}

async function show(cli: Cli, name: string, { version }: ShowOptions): Promise<void> {
  const api = await cli.connect();
  const profile =
    version === undefined
      ? await api.call('getProfile', { path: { name } })
      : await api.call('getProfileVersion', { path: { name, version } });
  if (cli.json) {
    cli.out.json(profile);
    return;
  }
  const head = facts(cli.out, [
    ['profile', `${profile.name} (version ${profile.version})`],
    ['title', plain(profile.title)],
    ['description', plain(profile.description)],
    ['repository', profile.repository],
  ]);
  cli.out.line(`${head}\n\n${table(cli.out, ['PHASE', 'STEPS', 'GATES'], profile.phases.map(phaseRow))}`);
}

const phaseRow = (phase: PhaseDefinitionDto): string[] => [
  `${phase.name}${phase.optional ? ' (optional)' : ''}`,
  phase.steps.map(({ id, executor }) => `${id} (${executor})`).join(', '),
  phase.gates.map((gate) => gate.gate_id).join(', '),
];

async function validate(cli: Cli, file: string): Promise<void> {
  const text = await readInput(file);
  const api = await cli.connect();
  const { valid, errors } = await api.call(
    'validateProfile',
    { body: text },
    { headers: { 'content-type': typeOf(text) } },
  );
  cli.exitCode = valid ? EXIT.completed : EXIT.other;
  if (cli.json) cli.out.json({ valid, errors });
  else if (valid) cli.out.line('The profile is valid.');
  else for (const error of errors) cli.out.line(`${file}:${placeOf(error)} ${plain(error.message)}`);
}

const placeOf = ({ line, column, path }: ProfileErrorDto): string =>
  `${line}:${column}:${path === '' ? '' : ` ${plain(path)}:`}`;

async function publish(cli: Cli, file: string, options: PublishOptions): Promise<void> {
  const text = await readInput(file);
  const name = options.name ?? nameIn(text, file);
  const api = await cli.connect();
  const headers = { 'content-type': typeOf(text) };
  const response = await api.open('publishProfile', { path: { name }, body: text }, { headers });
  const { version } = (await response.json()) as { readonly version: number };
  if (cli.json) cli.out.json({ name, version, created: response.status === 201 });
  else if (response.status === 201) cli.out.line(`Published ${name} as version ${version}.`);
  else cli.out.line(`Version ${version} of ${name} already says so.`);
}

const typeOf = (text: string): string =>
  text.trimStart().startsWith('{') ? 'application/json' : 'application/yaml';

function nameIn(text: string, file: string): string {
  try {
    const { name } = (parse(text) ?? {}) as { readonly name?: unknown };
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // The server says what is wrong with it, with the line.
  }
  throw new CliError(
    `${file} names no profile: give --name, or see \`orchestrator profiles validate ${file}\`.`,
  );
}
