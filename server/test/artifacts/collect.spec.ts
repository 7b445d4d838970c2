import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { collectArtifacts, type Collected, type CollectLimits } from '../../src/artifacts/collect.js';
import { openRealFile } from '../../src/artifacts/real-file.js';
import type { ArtifactDeclaration } from '../../src/workflow/domain/profile.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

const LIMITS: CollectLimits = { maxArtifactBytes: 1024, maxArtifacts: 10 };

const declare = (path: string, more: Partial<ArtifactDeclaration> = {}): ArtifactDeclaration => ({
  path,
  type: null,
  required: false,
  description: null,
  ...more,
});

describe('collecting artifacts', () => {
  let folder: TemporaryFolder;
  let workspace: string;
  let exchange: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    workspace = join(folder.path, 'workspace');
    exchange = join(folder.path, 'exchange');
    await Promise.all([mkdir(workspace), mkdir(exchange)]);
  });

  afterEach(() => folder.remove());

  async function put(root: string, path: string, text = 'x'): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  const collect = (declarations: ArtifactDeclaration[], limits = LIMITS): Promise<Collected> =>
    collectArtifacts({ workspace, exchangeArtifactsDir: exchange, declarations, limits });

  async function collected(
    ...declarations: ArtifactDeclaration[]
  ): Promise<Extract<Collected, { kind: 'collected' }>> {
    const result = await collect(declarations);
    if (result.kind !== 'collected') throw new Error(`failed: ${result.failure.message}`);
    return result;
  }

  async function paths(...declarations: ArtifactDeclaration[]): Promise<string[]> {
    return (await collected(...declarations)).artifacts.map((artifact) => artifact.path);
  }

  it('takes what the declarations match, with its type and description', async () => {
    await put(workspace, 'docs/plan.md');
    await put(workspace, 'docs/other.txt');
    const result = await collected(declare('docs/*.md', { type: 'prd', description: 'The plan' }));
    expect(result.artifacts).toEqual([
      { path: 'docs/plan.md', file: join(workspace, 'docs/plan.md'), type: 'prd', description: 'The plan' },
    ]);
  });

  it('takes every file of the exchange folder, dot files too, and its copy of a path before the workspace’s', async () => {
    await put(workspace, 'report.md', 'old');
    await put(exchange, 'report.md', 'new');
    await put(exchange, '.hidden/a.txt');
    await put(exchange, 'node_modules/b.txt');
    const result = await collected(declare('report.md', { type: 'report', required: true }));
    const byPath = new Map(result.artifacts.map((artifact) => [artifact.path, artifact]));
    expect([...byPath.keys()].sort()).toEqual(['.hidden/a.txt', 'node_modules/b.txt', 'report.md']);
    expect(byPath.get('report.md')).toMatchObject({ file: join(exchange, 'report.md'), type: 'report' });
    expect(result.missing).toEqual([]);
  });

  it('reports required files that are not there, as they were declared', async () => {
    await put(workspace, 'a.md');
    const result = await collected(
      declare('a.md', { required: true }),
      declare('b.md', { required: true }),
      declare('out/*.json', { required: true }),
      declare('c.md'),
    );
    expect(result.missing).toEqual(['b.md', 'out/*.json']);
  });

  it('does not take the repository’s own records or installed packages by a wildcard', async () => {
    await put(workspace, '.git/config.md');
    await put(workspace, 'node_modules/lib/README.md');
    await put(workspace, 'README.md');
    expect(await paths(declare('**/*.md'))).toEqual(['README.md']);
    expect(await paths(declare('node_modules/lib/README.md'))).toEqual(['node_modules/lib/README.md']);
  });

  it('accepts an empty file and names with emoji, spaces and right-to-left letters', async () => {
    for (const name of ['empty.md', '📊 results.md', 'דוח.md']) await put(exchange, name, '');
    expect((await paths()).sort()).toEqual(['empty.md', 'דוח.md', '📊 results.md'].sort());
  });

  it('does not follow a link to a file outside', async () => {
    await symlink('/etc/passwd', join(workspace, 'passwd.md'));
    await symlink('/etc/passwd', join(exchange, 'passwd.md'));
    const result = await collected(declare('passwd.md', { required: true }));
    expect(result.artifacts).toEqual([]);
    expect(result.missing).toEqual(['passwd.md']);
    expect(result.warnings.join()).toContain('symbolic link');
  });

  it('does not search behind a link to a folder', async () => {
    await put(folder.path, 'outside/secret.md');
    await symlink(join(folder.path, 'outside'), join(workspace, 'inside'));
    await symlink('/', join(workspace, 'everything'));
    for (const pattern of [
      'inside/secret.md',
      'inside/*.md',
      '**/*.md',
      'everything/**/*.conf',
      'inside/../inside/*',
    ]) {
      const result = await collect([declare(pattern)]);
      expect(result.kind === 'collected' ? result.artifacts : []).toEqual([]);
    }
  });

  it('survives links that go in circles', async () => {
    await symlink('b', join(workspace, 'a'));
    await symlink('a', join(workspace, 'b'));
    await symlink('.', join(workspace, 'self'));
    await put(workspace, 'x.md');
    expect(await paths(declare('**/*.md'), declare('a'), declare('a/*'))).toEqual(['x.md']);
  });

  it('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(workspace, 'pipe.md')]);
    expect(await paths(declare('*.md'), declare('pipe.md'))).toEqual([]);
  });

  it.each(['../x', '../../x', '/etc/passwd', 'a/../../x', '{..,a}/x', '@(..|a)/x', '..'])(
    'fails the step that declares %s',
    async (pattern) => {
      await put(folder.path, 'x');
      expect(await collect([declare(pattern)])).toMatchObject({
        kind: 'failed',
        failure: { code: 'invalid_path', retryable: false },
      });
    },
  );

  it('fails clearly on a name with a line break', async () => {
    await put(exchange, 'two\nlines.md');
    const result = await collect([]);
    expect(result).toMatchObject({ kind: 'failed', failure: { code: 'invalid_path' } });
    expect(result.kind === 'failed' && result.failure.message).toContain('two\\nlines.md');
  });

  it('fails on a file above the limit without reading it, and says its size', async () => {
    await put(workspace, 'big.bin');
    await truncate(join(workspace, 'big.bin'), 200 * 1024 * 1024);
    expect(await collect([declare('big.bin')])).toMatchObject({
      kind: 'failed',
      failure: { code: 'artifact_too_large', message: expect.stringMatching(/big\.bin.*209715200.*1024/u) },
    });
  });

  it('fails when there are more files than the run may take', async () => {
    for (let index = 0; index < 4; index++) await put(exchange, `${String(index)}.md`);
    expect(await collect([], { ...LIMITS, maxArtifacts: 4 })).toMatchObject({ kind: 'collected' });
    expect(await collect([], { ...LIMITS, maxArtifacts: 3 })).toMatchObject({
      kind: 'failed',
      failure: { code: 'too_many_artifacts' },
    });
  });

  it('finds nothing in an exchange folder that the step removed', async () => {
    await rm(exchange, { recursive: true });
    expect(await paths()).toEqual([]);
  });

  it('notices a folder that became a link after the files were found', async () => {
    await put(workspace, 'out/passwd', 'mine');
    const [artifact] = (await collected(declare('out/passwd'))).artifacts;
    await rename(join(workspace, 'out'), join(workspace, 'moved'));
    await symlink('/etc', join(workspace, 'out'));
    await expect(openRealFile(artifact?.file ?? '')).rejects.toMatchObject({ why: 'symlink' });
  });
});
