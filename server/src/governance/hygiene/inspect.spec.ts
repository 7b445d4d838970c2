import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TOKEN } from '../../../test/governance/phase-evidence.js';
import { hygieneScore } from '../domain/scores.js';
import { inspect } from './inspect.js';
import { filesOfFolder, inspectFolder } from './inspect-folder.js';
import type { HygieneInspection, InspectedFile } from './inspection.js';

const git = (cwd: string, ...args: string[]) => promisify(execFile)('git', args, { cwd });

// Put together here, so that nothing takes this file for a conflict.
const OURS = '<'.repeat(7);
const THEIRS = '>'.repeat(7);

const file = (path: string, content: string | Buffer): InspectedFile => {
  const bytes = Buffer.from(content);
  return { path, sizeBytes: bytes.length, read: (limit) => Promise.resolve(bytes.subarray(0, limit)) };
};

const places = ({ findings }: HygieneInspection): string[] =>
  findings.map(({ kind, path, line }) => `${kind} ${path}${line === null ? '' : `:${line}`}`).toSorted();

describe('inspect', () => {
  it('finds nothing in clean files, and scores 1', async () => {
    const inspection = await inspect([
      file('README.md', '# Fine\n\n[code](a.ts)\n'),
      file('a.ts', 'export {};\n'),
    ]);
    expect(inspection).toMatchObject({ findings: [], inspectedFiles: 2, omittedFindings: 0, notes: [] });
    expect(hygieneScore(inspection).score).toBe(1);
  });

  it('finds secrets by line without repeating them', async () => {
    const inspection = await inspect([file('.env', `A=1\nTOKEN=${TOKEN}\n`)]);
    expect(places(inspection)).toEqual(['secret .env:2']);
    expect(JSON.stringify(inspection)).not.toContain(TOKEN.slice(4, 12));
  });

  it('finds files over 1 MiB, not of exactly 1 MiB', async () => {
    const inspection = await inspect([
      file('a.bin', Buffer.alloc(1024 ** 2, 1)),
      file('b.bin', Buffer.alloc(1024 ** 2 + 1, 1)),
    ]);
    expect(places(inspection)).toEqual(['large_file b.bin']);
  });

  it('finds conflict marks, and takes no quotation for one', async () => {
    const inspection = await inspect([
      file('a.ts', `x\n${OURS} HEAD\na\n=======\nb\n${THEIRS} main\n`),
      file('b.ts', `b\n${THEIRS} main\n`),
      file('c.md', `${THEIRS} quoted\n`),
      file('d.rst', 'Title\n=======\n'),
    ]);
    expect(places(inspection)).toEqual(['leftover a.ts:2', 'leftover b.ts:2']);
  });

  it('finds placeholders in documents, not in code', async () => {
    const inspection = await inspect([
      file('a.md', '# Plan\n\nOwner: TBD\n\nNo `TODO` is left, todo lists are fine.\n\n```\nFIXME\n```\n'),
      file('b.txt', 'one\nLorem ipsum dolor\n'),
      file('c.ts', '// TODO: later\n'),
    ]);
    expect(places(inspection)).toEqual(['leftover a.md:3', 'leftover b.txt:2']);
  });

  it('finds broken links, but none to further files', async () => {
    const files = [file('docs/a.md', 'x\n\n[b](b.md) [c](../c.md)\n')];
    expect(places(await inspect(files))).toEqual(['broken_link docs/a.md:3', 'broken_link docs/a.md:3']);
    expect(places(await inspect(files, { furtherFiles: ['c.md', 'docs/b.md'] }))).toEqual([]);
  });

  it('finds empty files and copies, except those that are meant to be', async () => {
    const inspection = await inspect([
      file('a.txt', 'same'),
      file('b.txt', 'same'),
      file('c.txt', 'diff'),
      file('empty.md', ''),
      file('src/__init__.py', ''),
      file('LICENSE', 'MIT'),
      file('lib/LICENSE', 'MIT'),
    ]);
    expect(places(inspection)).toEqual(['empty_or_duplicate b.txt', 'empty_or_duplicate empty.md']);
    expect(inspection.findings.find(({ path }) => path === 'b.txt')?.message).toBe(
      'The same content as a.txt.',
    );
  });

  it('finds saved outputs of notebooks', async () => {
    const cell = (outputs: unknown[]) => ({
      cell_type: 'code',
      source: ['print("\\"outputs\\": [{")'],
      outputs,
    });
    const notebook = (outputs: unknown[]) => JSON.stringify({ cells: [cell(outputs), cell([])] }, null, 1);
    const inspection = await inspect([
      file('a.ipynb', notebook([])),
      file('b.ipynb', notebook([{ output_type: 'stream' }])),
    ]);
    expect(places(inspection)).toEqual(['notebook_output b.ipynb']);
  });

  it('finds orphans, a folder of them once and without looking into it', async () => {
    const inspection = await inspect([
      file('a.ts.orig', 'x'),
      file('web/node_modules/b/index.js', `t = '${TOKEN}'`),
      file('web/node_modules/c/empty.md', '[a](b.md)'),
      file('.DS_Store', 'y'),
    ]);
    expect(places(inspection)).toEqual(['orphan .DS_Store', 'orphan a.ts.orig', 'orphan web/node_modules/']);
  });

  it('keeps a bounded number of findings and counts them all', async () => {
    const inspection = await inspect([file('a.txt', 'TODO\n'.repeat(50)), file('b', '')], {
      limits: { findings: 10 },
    });
    expect(inspection.findings).toHaveLength(10);
    expect(inspection).toMatchObject({
      omittedFindings: 41,
      counts: { leftover: 50, empty_or_duplicate: 1 },
    });
  });

  it('says what the limits of files and bytes left out', async () => {
    const files = [file('a.txt', 'x'.repeat(100)), file('b.txt', 'y'.repeat(100)), file('c.txt', 'TODO')];
    const inspection = await inspect(files, { limits: { files: 2, bytesPerFile: 40, bytesInAll: 40 } });
    expect(inspection.inspectedFiles).toBe(2);
    expect(inspection.notes).toEqual([
      '1 file not looked at: the limit is 2.',
      'Only the first 40 bytes of 1 file was looked at.',
      '1 file not read: more than 40 bytes in all.',
    ]);
  });

  it('survives invalid UTF-8, binary content and a line of 50 MB', async () => {
    const inspection = await inspect([
      file('a.md', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0xc3])),
      file('b.md', Buffer.from([0, 1, 2])),
      file('c.md', Buffer.alloc(50_000_000, '[')),
    ]);
    expect(inspection.counts.large_file).toBe(1);
    expect(inspection.inspectedFiles).toBe(3);
  }, 30_000);
});

describe('inspectFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hygiene-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const paths = async (...ignore: string[]): Promise<string[]> =>
    (await filesOfFolder(folder, ignore)).map(({ path }) => path);

  it('lists what Git tracks or would track, and not what was deleted or is ignored', async () => {
    await git(folder, 'init', '--quiet');
    await Promise.all(['kept.md', 'gone.md', 'ü/new.md'].map((path) => put(path, path)));
    await git(folder, 'add', 'kept.md', 'gone.md');
    await rm(join(folder, 'gone.md'));
    await put('.gitignore', 'out/\n');
    await put('out/a.md', 'TODO');
    expect(await paths()).toEqual(['.gitignore', 'kept.md', 'ü/new.md']);
    expect(await paths('**/*.md')).toEqual(['.gitignore']);
  });

  it('runs no program that the repository names', async () => {
    await git(folder, 'init', '--quiet');
    await git(folder, 'config', 'core.fsmonitor', `touch ${join(folder, 'owned')}; false`);
    await put('a.md', 'x');
    expect(await paths()).toEqual(['a.md']);
  });

  it('walks a folder without Git, and never follows symbolic links', async () => {
    await put('a.md', '[b](b.md)');
    await put('node_modules/c/c.md', '');
    await symlink('/etc/passwd', join(folder, 'passwd'));
    await symlink('/etc', join(folder, 'etc'));
    expect(await paths()).toEqual(['a.md']);
    expect(places(await inspectFolder(folder))).toEqual(['broken_link a.md:1']);
  });

  it('inspects nothing in an empty folder, and then there is no score', async () => {
    const inspection = await inspectFolder(folder);
    expect(inspection.inspectedFiles).toBe(0);
    expect(hygieneScore(inspection).score).toBeNull();
  });
});
