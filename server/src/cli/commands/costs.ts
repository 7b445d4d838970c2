import { type Command, Option } from 'commander';
import type { CostGroup, CostRowDto, CostSumsDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { money } from '../output/figures.js';
import { plain } from '../output/printable.js';
import { table } from '../output/table.js';

const GROUPS: readonly CostGroup[] = ['day', 'project', 'profile', 'model', 'person'];

interface Options {
  readonly by: CostGroup;
  readonly from?: string;
  readonly to?: string;
}

/** `costs`. */
export function addCostsCommand(program: Command, cli: Cli): void {
  program
    .command('costs')
    .summary('what model calls cost, by day, project, profile, model or person')
    .addOption(new Option('--by <what>', 'what a row stands for').choices([...GROUPS]).default('day'))
    .option('--from <time>', 'from this day or time (UTC) on; 30 days back where absent')
    .option('--to <time>', 'before this day or time (UTC); now where absent')
    .action((options: Options) => costs(cli, options));
}

async function costs(cli: Cli, { by, from, to }: Options): Promise<void> {
  const answer = await (await cli.connect()).call('getCosts', { query: { by, ...given({ from, to }) } });
  if (cli.json) {
    cli.out.json(answer);
    return;
  }
  const row = (name: string, sums: CostSumsDto): string[] => [
    name,
    sums.cost_usd === null ? 'no price known' : money(sums.cost_usd),
    String(sums.input_tokens),
    String(sums.output_tokens),
    String(sums.calls),
    String(sums.unpriced_calls),
    String(sums.runs),
  ];
  const rows = [
    ...answer.rows.map((cost: CostRowDto) => row(plain(cost.name), cost)),
    row(answer.own_only ? 'all of yours' : 'all', answer.total),
  ];
  const head = [by.toUpperCase(), 'COST', 'TOKENS IN', 'TOKENS OUT', 'CALLS', 'UNPRICED', 'RUNS'];
  cli.out.line(table(cli.out, head, rows));
}
