import { readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { baseName, folderOf, isForeign, isSample } from '../domain/paths.js';
import type { Finding, RemedyId } from '../domain/finding.js';
import { practiceFinding, type PracticeRule } from '../domain/practice-rules.js';
import { lockFileNeed } from '../implementation/remedies/lock-file.js';
import { LOCAL_REMEDIES } from '../implementation/remedies.js';
import { proposeSafely } from '../implementation/remedy.js';
import type { Repository } from '../repository.js';
import type { Inventory } from './inventory.js';

/** What is missing or risky in how the repository is kept. An empty repository has nothing to judge. */
export async function checkPractices(
  repository: Repository,
  inventory: Inventory,
): Promise<readonly Finding[]> {
  if (repository.files.length === 0) return [];
  return [
    ...wholeRepository(inventory, repository),
    ...(await dependencies(repository)),
    ...(await workflows(repository)),
    ...(await containers(repository)),
    ...(await links(repository)),
    ...(await automatic(repository)),
  ];
}

function wholeRepository(inventory: Inventory, repository: Repository): readonly Finding[] {
  const found: Finding[] = [];
  const has = (pattern: RegExp): boolean => repository.files.some(({ path }) => pattern.test(path));
  const code = inventory.languages.some(({ kind }) => kind === 'programming');
  const licensed = inventory.licence_files.some(({ path }) => !path.includes('/'));
  if (code && inventory.test_files === 0) found.push(practiceFinding('no_tests'));
  if (!has(/^readme(?:\.\w+)?$/iu)) found.push(practiceFinding('no_readme'));
  if (!licensed && inventory.manifests.every(({ licence }) => licence === null))
    found.push(practiceFinding('no_licence'));
  if (code && inventory.ci.length === 0) found.push(practiceFinding('no_ci'));
  if (!has(/^(?:\.github\/|docs\/)?security\.(?:md|txt|rst)$/iu))
    found.push(practiceFinding('no_security_policy'));
  return found;
}

async function dependencies(repository: Repository): Promise<readonly Finding[]> {
  const need = await lockFileNeed(repository);
  if (need === 'fine') return [];
  if (need === 'missing')
    return [practiceFinding('no_lock_file', { path: 'package.json', automatic: 'lock_file' })];
  return [practiceFinding('no_lock_file', { path: 'package.json', detail: `No lock file: ${need.reason}.` })];
}

/** Lines of the files whose path matches, with their numbers from 1. */
async function* linesOf(
  repository: Repository,
  pattern: RegExp,
): AsyncGenerator<{ path: string; text: string }> {
  for (const file of repository.files) {
    if (!pattern.test(file.path) || isForeign(file.path) || isSample(file.path)) continue;
    const text = await repository.readText(file);
    if (text !== null) yield { path: file.path, text };
  }
}

async function workflows(repository: Repository): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const { path, text } of linesOf(repository, /^\.github\/workflows\/[^/]+\.ya?ml$/u)) {
    text.split('\n').forEach((line, index) => {
      const action = /^\s*(?:-\s+)?uses:\s*["']?([\w.-]+\/[^\s"'#@]+)@([^\s"'#]+)/u.exec(line);
      const foreign = action !== null && !/^(?:actions|github)\//u.test(action[1] ?? '');
      if (foreign && !/^[0-9a-f]{40,64}$/u.test(action[2] ?? '')) {
        const detail = `${action[1]}@${action[2]} can be changed to other code by its owner.`;
        found.push(practiceFinding('unpinned_action', { path, line: index + 1, detail }));
      }
    });
    if (
      /^\s*(?:on:.*\b)?pull_request_target\b/mu.test(text) &&
      /uses:\s*["']?actions\/checkout@/u.test(text)
    ) {
      found.push(practiceFinding('pull_request_target', { path }));
    }
  }
  return found;
}

async function containers(repository: Repository): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const { path, text } of linesOf(
    repository,
    /(?:^|\/)(?:[\w.-]*\.)?Dockerfile(?:\.[\w.-]+)?$/u,
  )) {
    const users = [...text.matchAll(/^\s*USER\s+(\S+)/gimu)].map(([, user]) => user);
    const last = users.at(-1);
    if (last === undefined || /^(?:root|0)(?::|$)/u.test(last))
      found.push(practiceFinding('container_as_root', { path }));
    const stages = new Set(
      [...text.matchAll(/^\s*FROM\s.+\sAS\s+(\S+)/gimu)].map(([, name]) => name?.toLowerCase()),
    );
    text.split('\n').forEach((line, index) => {
      const image = /^\s*FROM\s+(?:--\S+\s+)*(\S+)/iu.exec(line)?.[1];
      if (
        image === undefined ||
        image === 'scratch' ||
        image.includes('$') ||
        stages.has(image.toLowerCase())
      )
        return;
      if (/:latest$/u.test(image) || !/[:@]/u.test(baseName(image))) {
        found.push(practiceFinding('moving_base_image', { path, line: index + 1 }));
      }
    });
  }
  return found;
}

async function links(repository: Repository): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const { path, kind } of repository.files) {
    if (kind !== 'symlink') continue;
    const target = await readlink(join(repository.root, path)).catch(() => null);
    if (target === null) continue;
    const resolved = posix.normalize(posix.join(folderOf(path), target));
    if (posix.isAbsolute(target) || resolved === '..' || resolved.startsWith('../')) {
      found.push(practiceFinding('symlink_outside', { path }));
    }
  }
  return found;
}

const RULE_OF: Partial<Record<RemedyId, PracticeRule>> = {
  gitignore: 'gitignore_incomplete',
  editorconfig: 'no_editorconfig',
  gitattributes: 'no_gitattributes',
  final_newline: 'no_final_newline',
  workflow_permissions: 'workflow_write_access',
};

/** What a remedy would change is a finding that it can mend; what it leaves alone in a file, one that it cannot. */
async function automatic(repository: Repository): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const remedy of LOCAL_REMEDIES) {
    const rule = RULE_OF[remedy.id];
    if (rule === undefined) continue;
    const { changes, leftAlone } = await proposeSafely(remedy, repository);
    found.push(...changes.map(({ path }) => practiceFinding(rule, { path, automatic: remedy.id })));
    for (const { path, reason } of leftAlone) {
      if (path === null && rule !== 'no_gitattributes') continue;
      found.push(
        practiceFinding(rule, { ...(path === null ? {} : { path }), detail: `Not mended: ${reason}.` }),
      );
    }
  }
  return found;
}
