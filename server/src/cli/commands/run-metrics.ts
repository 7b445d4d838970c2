import type { Command } from 'commander';
import type { PhaseMetricsDto, RunMetricsDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { NOTHING, duration, money, score } from '../output/figures.js';
import type { Output } from '../output/output.js';
import { plain } from '../output/printable.js';
import { facts, table } from '../output/table.js';

/** `metrics`. */
export function addMetricsCommand(parent: Command, cli: Cli): void {
  parent
    .command('metrics')
    .summary('what a run cost and came to')
    .argument('<run>', 'id, short id or project name')
    .action((run: string) => metrics(cli, run));
}

async function metrics(cli: Cli, name: string): Promise<void> {
  const api = await cli.connect();
  const found = await api.call('getRunMetrics', { path: { run_id: await findRun(api, name) } });
  if (cli.json) cli.out.json(found);
  else
    cli.out.line([totals(cli.out, found), phases(cli.out, found), ...measured(cli.out, found)].join('\n\n'));
}

const totals = (out: Output, run: RunMetricsDto): string =>
  facts(out, [
    ['worked', duration(run.total_duration_seconds)],
    ['tokens', `${run.total_token_usage.input} in, ${run.total_token_usage.output} out`],
    ['cost', money(run.total_cost_usd)],
    ['unknown cost', run.unpriced_calls === 0 ? null : `${run.unpriced_calls} calls`],
    ['governance', score(run.governance_score, run.governance_measured)],
    ['hygiene', score(run.hygiene_score, run.hygiene_measured)],
    ['artifacts', String(run.artifacts_total)],
    ['errors', String(run.errors_count)],
  ]);

function phases(out: Output, run: RunMetricsDto): string {
  const rows = run.phases_metrics.map((phase) => [
    phase.phase,
    String(phase.attempts),
    duration(phase.duration_seconds),
    `${phase.token_usage.input}/${phase.token_usage.output}`,
    money(phase.cost_usd),
    phase.artifacts_generated,
    verdict(phase),
    phase.agents_executed.join(', '),
  ]);
  return table(out, ['PHASE', 'ATTEMPTS', 'TIME', 'TOKENS IN/OUT', 'COST', 'FILES', 'GATES', 'AGENTS'], rows);
}

function verdict(phase: PhaseMetricsDto): string {
  if (phase.governance_passed === null) return NOTHING;
  const warnings = phase.governance_warnings.length;
  return `${phase.governance_passed ? 'passed' : 'blocked'}${warnings === 0 ? '' : `, ${warnings} warned`}`;
}

function measured(out: Output, run: RunMetricsDto): string[] {
  const rows = run.phases_metrics.flatMap((phase) =>
    phase.measurements.map(({ name, value, source }) => [phase.phase, name, String(value), plain(source)]),
  );
  return rows.length === 0 ? [] : [table(out, ['PHASE', 'MEASURED', 'VALUE', 'READ FROM'], rows)];
}
