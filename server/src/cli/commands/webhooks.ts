import type { Command } from 'commander';
import type { CreateWebhookDto, WebhookDeliveryDto, WebhookDto } from '../api/generated/types.gen.js';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { table } from '../output/table.js';
import { collect } from './options.js';

interface CreateOptions {
  readonly event: readonly string[];
  readonly name?: string;
  readonly all?: boolean;
  readonly profile?: string;
  readonly project?: string;
}

const WHICH = 'id of the webhook, or its name where only one has it';

/** `webhooks`: addresses that are told of events of runs. */
export function addWebhooksCommands(program: Command, cli: Cli): void {
  const webhooks = program.command('webhooks').summary('list, create, test and delete webhooks');
  webhooks
    .command('list')
    .summary('list the webhooks; secrets are never shown')
    .action(() => list(cli));
  webhooks
    .command('create')
    .summary('make a webhook and show its secret, this once')
    .argument('<url>', 'where events are sent, https')
    .requiredOption('--event <type>', 'what it is told, such as run.completed; may be repeated', collect)
    .option('--name <text>', 'what it is for; the host of the URL where absent')
    .option('--all', 'told of all runs, which only administrators may see')
    .option('--profile <name>', 'only of runs of this profile')
    .option('--project <name>', 'only of runs of this project')
    .action((url: string, options: CreateOptions) => create(cli, url, options));
  webhooks
    .command('test')
    .summary('send one message about nothing; exits with 1 where it does not arrive')
    .argument('<webhook>', WHICH)
    .action((which: string) => test(cli, which));
  webhooks
    .command('deliveries')
    .summary('list the newest deliveries')
    .argument('<webhook>', WHICH)
    .action((which: string) => deliveries(cli, which));
  webhooks
    .command('delete')
    .summary('remove a webhook')
    .argument('<webhook>', WHICH)
    .action((which: string) => remove(cli, which));
}

async function list(cli: Cli): Promise<void> {
  const { webhooks } = await (await cli.connect()).call('listWebhooks', {});
  if (cli.json) {
    cli.out.json({ webhooks });
    return;
  }
  const rows = webhooks.map((webhook) => [
    webhook.webhook_id,
    plain(webhook.name),
    plain(webhook.url),
    webhook.active ? 'on' : plain(webhook.off_reason ?? 'off'),
    webhook.event_types.join(' '),
  ]);
  cli.out.line(table(cli.out, ['ID', 'NAME', 'URL', 'STATE', 'EVENTS'], rows));
}

async function create(cli: Cli, url: string, options: CreateOptions): Promise<void> {
  const { event, all, name, ...filters } = options;
  const host = URL.canParse(url) ? new URL(url).host : '';
  const body: CreateWebhookDto = {
    ...{ url, name: name ?? (host || 'webhook'), ...filters },
    // The server knows the types, and says which there are.
    event_types: [...event] as CreateWebhookDto['event_types'],
    ...(all === true && { scope: 'all' }),
  };
  const made = await (await cli.connect()).call('createWebhook', { body });
  if (cli.json) {
    cli.out.json(made);
    return;
  }
  cli.out.line(`Created ${made.webhook_id}.`);
  cli.out.line(`Secret, not shown again: ${made.secret}`);
}

async function test(cli: Cli, which: string): Promise<void> {
  const webhook = await find(cli, which);
  const done = await (await cli.connect()).call('testWebhook', { path: { webhook_id: webhook.webhook_id } });
  cli.exitCode = done.status === 'delivered' ? EXIT.completed : EXIT.other;
  if (cli.json) cli.out.json(done);
  else cli.out.line(`${done.status}: ${outcomeOf(done)} (${String(done.duration_ms ?? 0)} ms)`);
}

async function deliveries(cli: Cli, which: string): Promise<void> {
  const webhook = await find(cli, which);
  const page = await (
    await cli.connect()
  ).call('listWebhookDeliveries', { path: { webhook_id: webhook.webhook_id } });
  if (cli.json) {
    cli.out.json(page);
    return;
  }
  const rows = page.deliveries.map((delivery) => [
    delivery.created_at,
    delivery.type,
    delivery.run_id ?? '',
    delivery.status,
    String(delivery.tries),
    outcomeOf(delivery),
  ]);
  cli.out.line(table(cli.out, ['MADE', 'EVENT', 'RUN', 'STATUS', 'TRIES', 'ANSWER'], rows));
}

async function remove(cli: Cli, which: string): Promise<void> {
  const webhook = await find(cli, which);
  await (await cli.connect()).call('deleteWebhook', { path: { webhook_id: webhook.webhook_id } });
  if (!cli.json) cli.out.line(`Removed ${plain(webhook.name)}.`);
}

const outcomeOf = ({ error, response_status: status }: WebhookDeliveryDto): string =>
  plain(error ?? (status === null ? '' : `answered ${String(status)}`));

async function find(cli: Cli, which: string): Promise<WebhookDto> {
  const { webhooks } = await (await cli.connect()).call('listWebhooks', {});
  const fitting = webhooks.filter(({ webhook_id: id, name }) => id === which || name === which);
  const [webhook] = fitting;
  if (webhook === undefined) throw new CliError(`There is no webhook ${which}.`);
  if (fitting.length > 1) throw new CliError(`Several webhooks are named ${which}: give the id.`);
  return webhook;
}
