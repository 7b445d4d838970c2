import type { Command } from 'commander';
import { given } from '../api/given.js';
import type { ListRunsData, RunSummaryDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { duration, minute, money } from '../output/figures.js';
import { plain } from '../output/printable.js';
import { shortId, status } from '../output/run-words.js';
import { table, type Cell } from '../output/table.js';
import { amount, collect, pairs, whole } from './options.js';

type Query = NonNullable<ListRunsData['query']>;

interface ListOptions {
  readonly status?: Query['status'];
  readonly profile?: string[];
  readonly owner?: string;
  readonly search?: string;
  readonly waitingOn?: Query['waiting_on'];
  readonly minCost?: number;
  readonly metadata?: readonly string[];
  readonly sort?: Query['sort'];
  readonly limit?: number;
  readonly cursor?: string;
  readonly archived?: boolean;
}

/** `list`. */
export function addListCommand(parent: Command, cli: Cli): void {
  parent
    .command('list')
    .summary('list runs')
    .option('--status <status>', 'only runs of this status; repeatable', collect)
    .option('--profile <name>', 'only runs of this profile; repeatable', collect)
    .option('--owner <who>', 'only runs of this user: id, e-mail, or "me"')
    .option('-q, --search <words>', 'project name, id, short id, or words of the intake')
    .option('--waiting-on <kind>', 'only runs that wait for this; repeatable', collect)
    .option('--min-cost <usd>', 'only runs that cost at least this much', amount)
    .option('--metadata <name=value>', 'only runs with this metadata; repeatable', collect)
    .option(
      '--sort <field>',
      'created_at, updated_at, project_name, cost_usd or duration; "-" before it is descending',
    )
    .option('-n, --limit <n>', 'runs at most', whole(1, 200), 50)
    .option('--cursor <cursor>', 'continue an earlier list')
    .option('--archived', 'archived runs instead of the others')
    .action((options: ListOptions) => list(cli, options));
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const api = await cli.connect();
  const page = await api.call('listRuns', { query: queryOf(options) }, { query: openQueryOf(options) });
  if (cli.json) {
    cli.out.json(page);
    return;
  }
  if (page.runs.length === 0) {
    cli.out.remark('No runs.');
    return;
  }
  const head = [
    'ID',
    'PROJECT',
    'PROFILE',
    'STATUS',
    'PHASE',
    'DONE',
    'WAITS ON',
    'TIME',
    'COST',
    'CREATED (UTC)',
  ];
  cli.out.line(
    table(
      cli.out,
      head,
      page.runs.map((run) => row(cli, run)),
    ),
  );
  const total = `${page.total}${page.total_capped ? '+' : ''}`;
  if (page.next_cursor !== null) {
    cli.out.remark(`${page.runs.length} of ${total} runs; more with --cursor ${page.next_cursor}`);
  }
}

const queryOf = ({ search, waitingOn, minCost, ...options }: ListOptions): Query =>
  given({
    ...{ status: options.status, profile: options.profile, owner: options.owner, q: search },
    ...{ waiting_on: waitingOn, min_cost_usd: minCost },
    ...{ sort: options.sort, limit: options.limit, cursor: options.cursor },
  });

function openQueryOf({ metadata = [], archived = false }: ListOptions): Record<string, string> {
  const filters = pairs(metadata, '--metadata').map(([name, value]) => [`metadata.${name}`, value] as const);
  return { archived: String(archived), ...Object.fromEntries(filters) };
}

const row = (cli: Cli, run: RunSummaryDto): Cell[] => [
  shortId(run.run_id),
  cut(plain(run.project_name), 32),
  run.profile,
  status(cli.out, run.status),
  run.current_phase,
  `${run.progress.phases_done}/${run.progress.phases_total}`,
  run.waiting_on?.kind ?? '',
  duration(run.total_duration_seconds),
  money(run.cost_usd),
  minute(run.created_at),
];

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
