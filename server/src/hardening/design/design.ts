import { code, document, plain, plural, table } from '../domain/markdown.js';
import { makePlan, type PlanItem } from '../domain/plan.js';
import type { Part } from '../phase.js';
import { collectFindings, type Source } from './read-findings.js';

/** Orders what discovery found into a plan. */
export const design: Part = async ({ exchange }) => {
  const { findings, sources } = await collectFindings(exchange);
  const items = makePlan(findings);
  const automatic = items.filter((item) => item.automatic !== null).length;
  await exchange.json('hardening_plan.json', { items, automatic_items: automatic, sources });
  await exchange.text('hardening_plan.md', planMarkdown(items, sources));
  await exchange.metric('plan.items', items.length);
  await exchange.metric('plan.automatic', automatic);
  for (const { artifact, state } of sources) {
    if (state === 'absent') await exchange.warning(`${artifact} is missing: the plan is made without it.`);
  }
  await exchange.summary(`${plural(items.length, 'thing')} to do, ${automatic} of them automatic.`);
};

function planMarkdown(items: readonly PlanItem[], sources: readonly Source[]): string {
  const rows = items.map((item) => [
    item.id,
    `${item.priority}`,
    item.severity,
    item.reach,
    plain(item.title),
    item.effort,
    item.automatic === null ? 'no' : `yes (${code(item.automatic)})`,
  ]);
  const head = ['Item', 'Priority', 'Severity', 'Reach', 'What', 'Effort', 'Automatic'];
  return document(
    '# Hardening plan',
    '## Order',
    'Priority is the weight of the severity (critical 27, high 9, moderate 3, low 1) times the weight of the reach ' +
      '(one place 1, several files 2, repository 3); among equals the worse comes first, then the smaller effort.',
    table(head, rows) || 'Nothing was found that has to be done.',
    '## Items',
    items.map(itemText).join('\n\n') || 'None.',
    '## Evidence',
    sources.map(sourceText).join('\n'),
  );
}

function itemText(item: PlanItem): string {
  const places = item.evidence.map(({ path, line, artifact }) => {
    const place = path === null ? 'repository' : code(line === null ? path : `${path}:${line}`);
    return `- ${place} (from ${code(artifact)})`;
  });
  const more = item.occurrences - item.evidence.length;
  return [
    `### ${item.id}: ${plain(item.title)}`,
    `${plural(item.occurrences, 'occurrence')}, severity ${item.severity}, effort ${item.effort}. ${plain(item.remedy)}`,
    [...places, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n'),
  ].join('\n\n');
}

function sourceText({ artifact, state, findings, notes }: Source): string {
  const found = state === 'measured' ? plural(findings, 'finding') : state;
  return [`- ${code(artifact)}: ${found}`, ...notes.map((note) => `  - ${plain(note)}`)].join('\n');
}
