import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { glob } from 'tinyglobby';
import { variableNames } from '../../src/config/read-environment.js';
import { brokenLinks, linkTargets } from '../../src/governance/content/links.js';
import { outlineOf } from '../../src/governance/content/markdown.js';
import { PHASE_TRANSITIONS } from '../../src/runs/domain/phase-status.js';
import { RUN_TRANSITIONS } from '../../src/runs/domain/run-status.js';
import { STEP_TRANSITIONS } from '../../src/runs/domain/step-status.js';
import { compileProfile } from '../../src/workflow/profile-compiler.js';
import { examplesIn, firstColumn, readDocument, ROOT } from './documents.js';

/** Errors that are thrown with their code in place; some codes are computed and stand elsewhere as text. */
const THROWN = /new DomainError\(\s*\d{3},\s*'([a-z_]+)'/g;

describe('the documents say what is so', () => {
  it('docs/operations.md names every environment variable of the server, and no other', async () => {
    const named = firstColumn(await readDocument('docs/operations.md'), 'variable');
    expect(named.sort()).toEqual([...new Set(variableNames())].sort());
  });

  it('docs/api.md names every code of a problem that the server throws, and none that it never does', async () => {
    const named = firstColumn(await readDocument('docs/api.md'), 'code');
    const sources = await serverSources();
    const thrown = new Set([...sources.matchAll(THROWN)].map(([, code]) => code));
    expect([...thrown].filter((code) => code !== undefined && !named.includes(code))).toEqual([]);
    expect(named.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ['run', RUN_TRANSITIONS],
    ['phase', PHASE_TRANSITIONS],
    ['step', STEP_TRANSITIONS],
  ])('README.md draws every move of a %s, and no other', async (what, table) => {
    const moves = Object.entries(table).flatMap(([from, next]) => next.map((to) => `${from} --> ${to}`));
    expect(drawnMoves(await readDocument('README.md'), what).sort()).toEqual(moves.sort());
  });

  it('docs/profiles.md shows profiles that the server accepts', async () => {
    const shown = examplesIn(await readDocument('docs/profiles.md')).filter(
      ({ language }) => language === 'yaml',
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const { code } of shown) expect(compileProfile(code, 'yaml')).toMatchObject({ kind: 'valid' });
  });

  it('docs/decisions/README.md lists every decision', async () => {
    const index = await readDocument('docs/decisions/README.md');
    const files = await glob('*.md', { cwd: join(ROOT, 'docs/decisions'), ignore: ['README.md'] });
    expect(files.filter((file) => !index.includes(`](${file})`))).toEqual([]);
  });

  it('every relative link of every document leads to a file', async () => {
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
    });
    const targets = linkTargets(files.toString().split('\n').filter(Boolean));
    for (const document of await glob(['*.md', 'docs/**/*.md'], { cwd: ROOT })) {
      const outline = outlineOf(await readDocument(document));
      expect(outline).not.toBeNull();
      const broken = outline === null ? [] : brokenLinks(document, outline, targets);
      expect({ document, broken: broken.map(({ text }) => text) }).toEqual({ document, broken: [] });
    }
  });
});

async function serverSources(): Promise<string> {
  const files = await glob('server/src/**/*.ts', { cwd: ROOT, ignore: ['**/*.spec.ts', '**/generated/**'] });
  return (await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')))).join('\n');
}

/** The moves of the state diagram under the comment that names it; the first and last marks of a diagram are none. */
function drawnMoves(markdown: string, what: string): string[] {
  const diagram = new RegExp(`%% The states of a ${what}\\n([^]*?)\`\`\``).exec(markdown)?.[1];
  if (diagram === undefined) throw new Error(`README.md draws no states of a ${what}`);
  return [...diagram.matchAll(/^\s*([a-z_]+) --> ([a-z_]+)/gm)].map(([, from, to]) => `${from} --> ${to}`);
}
