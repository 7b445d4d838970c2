import { type Command, Option } from 'commander';
import type { BudgetKind, BudgetPeriod, SharedBudgetDto } from '../api/generated/types.gen.js';
import { CliError } from '../api/cli-error.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { money } from '../output/figures.js';
import { plain } from '../output/printable.js';
import { shortId } from '../output/run-words.js';
import { table } from '../output/table.js';
import { amount, whole } from './options.js';

const KINDS: readonly BudgetKind[] = ['month', 'project', 'user', 'phase'];

interface Scope {
  readonly period?: BudgetPeriod;
}

interface Limits extends Scope {
  readonly cost?: number;
  readonly tokens?: number;
}

/** `budgets`: limits that several runs share. */
export function addBudgetsCommands(program: Command, cli: Cli): void {
  const budgets = program.command('budgets').summary('list, set and remove budgets that runs share');
  budgets
    .command('list')
    .summary('list the budgets and what they hold')
    .action(() => list(cli));
  budgets
    .command('stops')
    .summary('list the steps that budgets stopped')
    .action(() => stops(cli));
  scoped(budgets.command('set'))
    .summary('set the limits of a budget, which is made where there is none')
    .option('--cost <usd>', 'US dollars at the most', amount)
    .option('--tokens <n>', 'tokens at the most', whole(0, 1e12))
    .action((kind: BudgetKind, subject: string | undefined, limits: Limits) =>
      set(cli, kind, subject ?? null, limits),
    );
  scoped(budgets.command('remove'))
    .summary('remove a budget')
    .action((kind: BudgetKind, subject: string | undefined, scope: Scope) =>
      remove(cli, kind, subject ?? null, scope),
    );
}

const scoped = (command: Command): Command =>
  command
    .argument('<kind>', `what counts: ${KINDS.join(', ')}`)
    .argument('[subject]', 'project name, id of a user, or <profile>/<phase>; none for month')
    .addOption(
      new Option('--period <period>', 'whether it begins anew each month; month always does').choices([
        'none',
        'month',
      ]),
    );

async function list(cli: Cli): Promise<void> {
  const answer = await (await cli.connect()).call('listBudgets', {});
  if (cli.json) {
    cli.out.json(answer);
    return;
  }
  const rows = answer.budgets.map((budget) => [
    plain(`${budget.kind} ${budget.subject_name ?? budget.subject ?? ''}`.trim()),
    budget.month ?? 'all time',
    `${String(budget.percent)} %`,
    used(budget),
    `${money(budget.reserved_usd)}, ${String(budget.reserved_tokens)} tokens`,
    String(budget.unknown_calls),
    String(budget.stopped.steps),
    String(budget.stopped.runs),
  ]);
  const figures = ['USED', 'SPENT', 'RESERVED', 'UNKNOWN CALLS', 'STOPPED STEPS', 'IN RUNS'];
  cli.out.line(table(cli.out, ['BUDGET', 'PERIOD', ...figures], rows));
}

async function stops(cli: Cli): Promise<void> {
  const answer = await (await cli.connect()).call('listBudgetStops', {});
  if (cli.json) {
    cli.out.json(answer);
    return;
  }
  const rows = answer.stops.map((stop) => [
    shortId(stop.run_id),
    plain(stop.project_name),
    plain(`${stop.phase} / ${stop.step}`),
    stop.waiting ? 'waits' : '',
    plain(stop.message),
  ]);
  cli.out.line(table(cli.out, ['RUN', 'PROJECT', 'STEP', 'NOW', 'WHY'], rows));
}

function used({ max_cost_usd, max_tokens, spent_usd, spent_tokens }: SharedBudgetDto): string {
  const parts = [
    max_cost_usd === null ? null : `${money(spent_usd)} of ${money(max_cost_usd)}`,
    max_tokens === null ? null : `${String(spent_tokens)} of ${String(max_tokens)} tokens`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

async function set(cli: Cli, kind: BudgetKind, subject: string | null, limits: Limits): Promise<void> {
  const { cost, tokens, period } = limits;
  if (cost === undefined && tokens === undefined) throw new CliError('Give --cost, --tokens or both.');
  const api = await cli.connect();
  const known = await find(cli, kind, subject, limits);
  const body = { max_cost_usd: cost ?? null, max_tokens: tokens ?? null };
  const budget =
    known === null
      ? await api.call('createBudget', { body: { kind, subject, ...body, ...given({ period }) } })
      : await api.call('setBudget', { path: { budget_id: known.budget_id }, body });
  if (cli.json) cli.out.json(budget);
  else cli.out.line(`${known === null ? 'Set' : 'Changed'}: ${used(budget)} spent.`);
}

async function remove(cli: Cli, kind: BudgetKind, subject: string | null, scope: Scope): Promise<void> {
  const known = await find(cli, kind, subject, scope);
  if (known === null) throw new CliError('There is no such budget.');
  await (await cli.connect()).call('deleteBudget', { path: { budget_id: known.budget_id } });
  if (!cli.json) cli.out.line('Removed.');
}

async function find(
  cli: Cli,
  kind: BudgetKind,
  subject: string | null,
  { period = kind === 'month' ? 'month' : 'none' }: Scope,
): Promise<SharedBudgetDto | null> {
  const { budgets } = await (await cli.connect()).call('listBudgets', {});
  const fits = (budget: SharedBudgetDto): boolean =>
    budget.kind === kind && budget.subject === subject && budget.period === period;
  return budgets.find(fits) ?? null;
}
