import type { Command } from 'commander';
import type { SecretDto } from '../api/generated/types.gen.js';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { table } from '../output/table.js';
import { askSecretly } from './prompt.js';

interface Scope {
  readonly profile?: string;
  readonly project?: string;
}

/** `secrets`: values are typed or piped in, never an argument that other processes could see. */
export function addSecretsCommands(program: Command, cli: Cli): void {
  const secrets = program.command('secrets').summary('list, set, remove and rotate secrets for steps');
  secrets
    .command('list')
    .summary('list the secrets; values are never shown')
    .action(() => list(cli));
  scoped(secrets.command('set'))
    .summary('set the value of a secret, read from the terminal or standard input')
    .action((name: string, scope: Scope) => set(cli, name, scope));
  scoped(secrets.command('remove'))
    .summary('remove a secret')
    .action((name: string, scope: Scope) => remove(cli, name, scope));
  secrets
    .command('rotate')
    .summary('seal all secrets under the present SECRET_KEY, with the one before in PREVIOUS_SECRET_KEY')
    .action(() => rotate(cli));
}

const scoped = (command: Command): Command =>
  command
    .argument('<name>', 'name, such as NPM_TOKEN')
    .option('--profile <name>', 'only for runs of this profile')
    .option('--project <name>', 'only for runs of this project');

async function list(cli: Cli): Promise<void> {
  const { secrets } = await (await cli.connect()).call('listSecrets', {});
  if (cli.json) {
    cli.out.json({ secrets });
    return;
  }
  const rows = secrets.map((secret) => [
    secret.name,
    plain(secret.profile ?? 'every'),
    plain(secret.project ?? 'every'),
    secret.updated_at,
    secret.last_used_at ?? 'never',
  ]);
  cli.out.line(table(cli.out, ['NAME', 'PROFILE', 'PROJECT', 'SET', 'LAST USED'], rows));
}

async function set(cli: Cli, name: string, scope: Scope): Promise<void> {
  const value = await askSecretly(`Value of ${name}: `);
  const api = await cli.connect();
  const known = await find(cli, name, scope);
  const secret =
    known === null
      ? await api.call('createSecret', { body: { name, value, ...scope } })
      : await api.call('setSecret', { path: { secret_id: known.secret_id }, body: { value } });
  if (cli.json) cli.out.json(secret);
  else cli.out.line(`${known === null ? 'Stored' : 'Changed'} ${name}.`);
}

async function remove(cli: Cli, name: string, scope: Scope): Promise<void> {
  const known = await find(cli, name, scope);
  if (known === null) throw new CliError(`There is no secret ${name} for this profile and project.`);
  await (await cli.connect()).call('deleteSecret', { path: { secret_id: known.secret_id } });
  if (!cli.json) cli.out.line(`Removed ${name}.`);
}

async function rotate(cli: Cli): Promise<void> {
  const done = await (await cli.connect()).call('rotateSecrets', {});
  cli.exitCode = done.unreadable === 0 ? EXIT.completed : EXIT.other;
  if (cli.json) cli.out.json(done);
  else cli.out.line(`Sealed anew: ${done.resealed}. Opened by neither key: ${done.unreadable}.`);
}

async function find(cli: Cli, name: string, scope: Scope): Promise<SecretDto | null> {
  const { secrets } = await (await cli.connect()).call('listSecrets', {});
  const fits = (secret: SecretDto): boolean =>
    secret.name === name &&
    secret.profile === (scope.profile ?? null) &&
    secret.project === (scope.project ?? null);
  return secrets.find(fits) ?? null;
}
