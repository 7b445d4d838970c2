import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { code, document, plain, plural, table } from '../domain/markdown.js';
import type { RemedyId } from '../domain/finding.js';
import type { Git } from '../git.js';
import { openRepository, type Part, type PhaseContext } from '../phase.js';
import { applyRemedy } from './apply.js';
import { proposeSafely, type LeftAlone, type Remedy } from './remedy.js';
import { allRemedies } from './remedies.js';

/** What came of one remedy. */
export interface RemedyResult {
  readonly remedy: RemedyId;
  readonly title: string;
  readonly outcome: 'committed' | 'nothing to do' | 'withdrawn';
  readonly commit: string | null;
  readonly paths: readonly string[];
  /** Why it was withdrawn; null otherwise. */
  readonly reason: string | null;
  readonly left_alone: readonly LeftAlone[];
}

/** Applies the safe remedies, each as a commit of its own, and saves the patch of all of them. */
export const implementation: Part = async (context) => {
  const { git, exchange } = context;
  const base = await git.text(['rev-parse', 'HEAD']);
  const results: RemedyResult[] = [];
  for (const remedy of allRemedies(context.variables)) results.push(await carryOut(context, remedy));
  const head = await git.text(['rev-parse', 'HEAD']);
  const patch = await patchOf(git, base, head);
  if (patch !== null) await exchange.bytes('changes.patch', patch);
  const commits = results.filter(({ outcome }) => outcome === 'committed').length;
  const files = new Set(results.flatMap(({ paths }) => paths)).size;
  const report = {
    base_commit: base,
    head_commit: head,
    commits,
    files_changed: files,
    patch: patch !== null,
  };
  await exchange.json('implementation_report.json', { ...report, remedies: results });
  await exchange.text('implementation_report.md', reportMarkdown(base, head, results));
  await exchange.metric('remedies.commits', commits);
  await exchange.metric('remedies.files_changed', files);
  await exchange.summary(
    commits === 0 ? 'Nothing to change.' : `${plural(commits, 'commit')}, ${plural(files, 'file')} changed.`,
  );
};

async function carryOut(context: PhaseContext, remedy: Remedy): Promise<RemedyResult> {
  const repository = await openRepository(context);
  const { changes, leftAlone } = await proposeSafely(remedy, repository);
  const base = { remedy: remedy.id, title: remedy.title, left_alone: leftAlone };
  if (changes.length === 0)
    return { ...base, outcome: 'nothing to do', commit: null, paths: [], reason: null };
  const applied = await applyRemedy(context.git, remedy, changes);
  return applied.kind === 'committed'
    ? { ...base, outcome: 'committed', commit: applied.commit, paths: applied.paths, reason: null }
    : { ...base, outcome: 'withdrawn', commit: null, paths: [], reason: applied.reason };
}

/**
 * The difference between two commits as a patch that applies to the first, checked to do so; null where there
 * is none.
 */
export async function patchOf(git: Git, from: string, to: string): Promise<Buffer | null> {
  const flags = ['--binary', '--full-index', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-color'];
  const patch = await git.run(['diff', ...flags, from, to, '--']);
  if (patch.length === 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'harden-check-'));
  try {
    const check = git.withIndex(join(folder, 'index'));
    await check.run(['read-tree', from]);
    await check.run(['apply', '--cached', '--check', '-'], patch);
    return patch;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function reportMarkdown(base: string, head: string, results: readonly RemedyResult[]): string {
  const done = results.filter(({ outcome }) => outcome === 'committed');
  const rows = done.map((one) => [code(one.commit?.slice(0, 12) ?? ''), plain(one.title), files(one.paths)]);
  const rest = results.filter(({ outcome, left_alone: left }) => outcome === 'withdrawn' || left.length > 0);
  return document(
    '# Implementation report',
    '## Changes',
    done.length === 0
      ? 'Nothing was changed: every automatic remedy found its place in order, or left it alone for the reason below. There is no patch.'
      : `${plural(done.length, 'commit')} on top of ${code(base.slice(0, 12))}; the last is ${code(head.slice(0, 12))}. All of them together are ${code('changes.patch')}.`,
    table(['Commit', 'What', 'Files'], rows),
    '## Left alone',
    rest.map(leftText).join('\n\n') || 'Nothing.',
    '## How to apply',
    done.length === 0
      ? 'Nothing to apply.'
      : 'In a clone at the base commit: `git apply --index changes.patch`.',
  );
}

const MAX_NAMED = 20;

const files = (paths: readonly string[]): string =>
  paths.length <= 3
    ? paths.map(code).join(', ')
    : `${paths.slice(0, 3).map(code).join(', ')} and ${paths.length - 3} more`;

function leftText({ title, reason, left_alone: left }: RemedyResult): string {
  const places = left
    .slice(0, MAX_NAMED)
    .map(({ path, reason: why }) => `- ${path === null ? 'repository' : code(path)}: ${plain(why)}`);
  if (left.length > MAX_NAMED) places.push(`- and ${left.length - MAX_NAMED} more`);
  const withdrawn = reason === null ? [] : [`- Withdrawn: ${plain(reason)}`];
  return [`**${plain(title)}**`, [...withdrawn, ...places].join('\n')].join('\n\n');
}
