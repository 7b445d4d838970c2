import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { counted } from '../../governance/content/wording.js';
import { inspectHygiene, type HygieneResult } from '../discovery/hygiene.js';
import { takeInventory } from '../discovery/inventory.js';
import { checkPractices } from '../discovery/practices.js';
import type { Git } from '../git.js';
import { patchOf } from '../implementation/implementation.js';
import { stringAt } from '../json.js';
import { openRepository, type Part, type PhaseContext } from '../phase.js';
import { redact } from '../secrets.js';
import { inWorktree, isCommit } from '../test/worktree.js';
import { badges } from './badges.js';
import { hardeningMarkdown } from './hardening-report.js';
import { readOutcome } from './outcome.js';

/** The measured state of one commit. */
export interface State {
  readonly commit: string;
  readonly hygiene: HygieneResult;
  /** Findings of the practice rules; null where the repository is empty. */
  readonly practices: number | null;
  readonly files: number;
}

/** Writes HARDENING.md and its badges, saves them as artifacts and commits them. */
export const documentation: Part = async (context) => {
  const { git, exchange } = context;
  const report = await exchange.earlierJson('implementation_report.json');
  const head = await git.text(['rev-parse', 'HEAD']);
  const base = stringAt(report, 'base_commit');
  const known = base !== null && (await isCommit(git, base));
  const after = await measure(context, git, head);
  const before =
    known && base !== head
      ? await inWorktree(git, base, (tree) => measure(context, tree, base))
      : known
        ? after
        : null;
  const outcome = await readOutcome(exchange);
  const files = [
    ...badges(after, outcome),
    {
      path: 'HARDENING.md',
      content: hardeningMarkdown({ before, after, outcome, project: exchange.projectName }),
    },
  ];
  await commitFiles(
    git,
    await Promise.all(
      files.map(async ({ path, content }) => ({ path, content: await redact(path, content) })),
    ),
  );
  for (const { path, content } of files) await exchange.text(path, content);
  const patch = known ? await patchOf(git, base, await git.text(['rev-parse', 'HEAD'])) : null;
  if (patch !== null) await exchange.bytes('hardening.patch', patch);
  await exchange.metric('hygiene.score_before', before?.hygiene.score ?? null);
  await exchange.metric('hygiene.score_after', after.hygiene.score);
  await exchange.metric('practices.findings_after', after.practices);
  await exchange.summary(
    `HARDENING.md tells ${counted(outcome.commits.length, 'change')} and ${counted(outcome.remaining.length, 'thing')} left to do.`,
  );
};

async function measure(context: PhaseContext, git: Git, commit: string): Promise<State> {
  const repository = await openRepository(context, git);
  const hygiene = await inspectHygiene(repository);
  const findings = await checkPractices(repository, await takeInventory(repository));
  const practices = repository.files.length === 0 ? null : findings.length;
  return { commit, hygiene, practices, files: repository.totalFiles };
}

/** Commits the documents. What a link or folder is in the way of is left out of the branch, not of the artifacts. */
async function commitFiles(
  git: Git,
  files: readonly { readonly path: string; readonly content: string }[],
): Promise<void> {
  const links = await git.records([
    'ls-files',
    '-z',
    '-s',
    '--',
    ...files.map(({ path }) => `:(literal)${path}`),
  ]);
  if (links.some((record) => !record.startsWith('100'))) return;
  for (const { path, content } of files) {
    await mkdir(dirname(join(git.root, path)), { recursive: true });
    await writeFile(join(git.root, path), content, { flag: 'w' });
  }
  await git.run(['add', '--force', '--', ...files.map(({ path }) => `:(literal)${path}`)]);
  const changed = (await git.try(['diff', '--cached', '--quiet'])).code !== 0;
  if (changed)
    await git.run([
      'commit',
      '--quiet',
      '--no-verify',
      '--message=Document what the hardening found and changed',
    ]);
}
