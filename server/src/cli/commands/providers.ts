import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ProviderDto } from '../api/generated/types.gen.js';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { table } from '../output/table.js';
import { askSecretly } from './prompt.js';

const KINDS = ['anthropic', 'openai', 'google', 'bedrock', 'openai_compatible'] as const;

interface NewProvider {
  readonly kind: (typeof KINDS)[number];
  readonly baseUrl?: string;
  readonly model?: string;
  readonly region?: string;
  readonly priority?: number;
  readonly everyone?: true;
  readonly key: boolean;
}

/** `providers`: keys are typed or piped in, never an argument that other processes could see. */
export function addProvidersCommands(program: Command, cli: Cli): void {
  const providers = program.command('providers').summary('list, add, test and remove model providers');
  providers
    .command('list')
    .summary('list the model providers; keys are never shown')
    .action(() => list(cli));
  providers
    .command('add')
    .summary('set up a model provider; its key is read from the terminal or standard input')
    .argument('<name>', 'name, such as anthropic')
    .addOption(new Option('--kind <kind>', 'the protocol it speaks').choices(KINDS).makeOptionMandatory())
    .option('--base-url <url>', "where it is called; the vendor's own address where absent")
    .option('--model <model>', 'for steps that name no model')
    .option('--region <region>', 'region of Amazon Bedrock')
    .option('--priority <number>', 'lower ones are asked first', wholeNumber)
    .option('--everyone', "for everybody's runs (administrators)")
    .option('--no-key', 'it is called without a key')
    .action((name: string, options: NewProvider) => add(cli, name, options));
  providers
    .command('test')
    .summary('call a model provider once; exit code 1 where it does not answer')
    .argument('<name>', 'name or id of the provider')
    .option('--model <model>', 'the model to call; its default model where absent')
    .action((name: string, options: { readonly model?: string }) => test(cli, name, options.model ?? null));
  providers
    .command('remove')
    .summary('remove a model provider')
    .argument('<name>', 'name or id of the provider')
    .action((name: string) => remove(cli, name));
}

async function list(cli: Cli): Promise<void> {
  const { providers } = await (await cli.connect()).call('listProviders', {});
  if (cli.json) {
    cli.out.json({ providers });
    return;
  }
  const rows = providers.map((provider) => [
    plain(provider.name),
    provider.kind,
    provider.scope,
    plain(provider.default_model ?? 'none'),
    provider.has_key ? 'set' : 'none',
    provider.source === 'environment' ? 'environment' : provider.enabled ? 'on' : 'off',
  ]);
  cli.out.line(table(cli.out, ['NAME', 'KIND', 'FOR', 'MODEL', 'KEY', 'STATE'], rows));
}

async function add(cli: Cli, name: string, options: NewProvider): Promise<void> {
  const key = options.key ? await askSecretly(`Key of ${name}: `) : null;
  const provider = await (
    await cli.connect()
  ).call('createProvider', {
    body: {
      ...{ kind: options.kind, name, key, scope: options.everyone ? 'everyone' : 'own' },
      ...{ base_url: options.baseUrl ?? null, region: options.region ?? null },
      ...{ default_model: options.model ?? null, priority: options.priority ?? 0 },
    },
  });
  if (cli.json) cli.out.json(provider);
  else cli.out.line(`Added ${name}.`);
}

async function test(cli: Cli, name: string, model: string | null): Promise<void> {
  const provider = await find(cli, name);
  const found = await (
    await cli.connect()
  ).call('testProvider', { path: { provider_id: provider.provider_id }, body: { model } });
  cli.exitCode = found.ok ? EXIT.completed : EXIT.other;
  if (cli.json) cli.out.json(found);
  else cli.out.line(`${found.model}: ${plain(found.message)} (${String(found.duration_ms)} ms)`);
}

async function remove(cli: Cli, name: string): Promise<void> {
  const provider = await find(cli, name);
  await (await cli.connect()).call('deleteProvider', { path: { provider_id: provider.provider_id } });
  if (!cli.json) cli.out.line(`Removed ${plain(provider.name)}.`);
}

async function find(cli: Cli, name: string): Promise<ProviderDto> {
  const { providers } = await (await cli.connect()).call('listProviders', {});
  const found = providers.filter((provider) => provider.name === name || provider.provider_id === name);
  const [provider] = found;
  if (provider === undefined) throw new CliError(`There is no model provider ${name}.`);
  if (found.length > 1)
    throw new CliError(
      `Several model providers are called ${name}: give the id of one (${found.map((one) => one.provider_id).join(', ')}).`,
    );
  return provider;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It is no whole number.');
  return number;
}
