import type { Command } from 'commander';
import type { GateDto, PhaseInfoDto, RunDetailDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { duration, minute, money } from '../output/figures.js';
import type { Output } from '../output/output.js';
import { plain } from '../output/printable.js';
import { status, symbol, waiting } from '../output/run-words.js';
import { facts, table } from '../output/table.js';

/** `show`. */
export function addShowCommand(parent: Command, cli: Cli): void {
  parent
    .command('show')
    .summary('show a run with its phases, steps and gates')
    .argument('<run>', 'id, short id or project name')
    .action((run: string) => show(cli, run));
}

async function show(cli: Cli, name: string): Promise<void> {
  const api = await cli.connect();
  const run = await api.call('getRun', { path: { run_id: await findRun(api, name) } });
  if (cli.json) cli.out.json(run);
  else cli.out.line([head(cli.out, run), phases(cli.out, run), ...attention(cli.out, run)].join('\n\n'));
}

function head(out: Output, run: RunDetailDto): string {
  const { max_cost_usd: limit } = run.budget;
  const repository = run.repository?.url ?? run.repository?.path ?? null;
  const ref = run.repository?.ref ?? null;
  return facts(out, [
    ['run', run.run_id],
    ['project', out.style('bold', plain(run.project_name))],
    ['profile', `${run.profile} (version ${run.profile_version})`],
    ['status', status(out, run.status)],
    ['waits on', waiting(run)],
    ['owner', plain(run.owner.name)],
    ['created', `${minute(run.created_at)} UTC`],
    ['worked', duration(run.total_duration_seconds)],
    ['cost', `${money(run.cost_usd)}${limit === null ? '' : ` of ${money(limit)}`}${unpriced(run)}`],
    [
      'repository',
      repository === null ? null : `${plain(repository)}${ref === null ? '' : ` at ${plain(ref)}`}`,
    ],
    ['waived', run.waived_gates === 0 ? null : out.style('red', `${run.waived_gates} gates`)],
  ]);
}

const unpriced = (run: RunDetailDto): string =>
  run.unpriced_calls === 0 ? '' : `, and ${run.unpriced_calls} calls whose cost is unknown`;

function phases(out: Output, run: RunDetailDto): string {
  const rows = run.phases.map((phase) => [
    `${symbol(out, phase.status)} ${phase.phase}`,
    status(out, phase.status),
    phase.attempt === 0 ? '' : String(phase.attempt),
    phase.started_at === null ? '' : duration(phase.duration_seconds),
    phase.steps.map((step) => `${step.step} (${step.status})`).join(', '),
    gatesInShort(phase.gates),
    String(phase.artifacts_count),
  ]);
  return table(out, ['PHASE', 'STATUS', 'ATTEMPT', 'TIME', 'STEPS', 'GATES', 'FILES'], rows);
}

function gatesInShort(gates: readonly GateDto[]): string {
  const counts = new Map<string, number>();
  for (const gate of gates) counts.set(gate.status, (counts.get(gate.status) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

/** Gates that did not pass, and what is to be delivered by hand. */
function attention(out: Output, run: RunDetailDto): string[] {
  const gates = run.phases.flatMap((phase) => phase.gates).filter((gate) => gate.status !== 'passed');
  const failed = run.failure === null ? [] : [out.style('red', plain(run.failure.message))];
  return [
    ...failed,
    ...(gates.length === 0 ? [] : [gateTable(out, gates)]),
    ...run.phases.flatMap(deliverables),
  ];
}

/** Gates with what they asked for and what they found. */
export function gateTable(out: Output, gates: readonly GateDto[]): string {
  const rows = gates.map((gate) => [
    gate.gate_id,
    gate.status,
    plain(gate.threshold ?? ''),
    plain(gate.actual ?? 'not measured'),
    plain(gate.remedy ?? gate.message),
  ]);
  return table(out, ['GATE', 'VERDICT', 'ASKED FOR', 'FOUND', 'REMEDY'], rows);
}

function deliverables(phase: PhaseInfoDto): string[] {
  return phase.steps
    .filter((step) => step.status === 'waiting' && step.executor !== 'approval')
    .map((step) => {
      const files = step.deliverables.map(
        ({ path, required }) => `${plain(path)}${required ? '' : ' (optional)'}`,
      );
      const wanted = files.length === 0 ? 'nothing by name' : files.join(', ');
      return `Step ${step.step} of ${phase.phase} is to deliver ${wanted}.${step.task === null ? '' : `\n${plain(step.task)}`}`;
    });
}
