import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, HardeningRun, type Files } from './support/hardening-run.js';

const DELIVERABLES = [
  ...['inventory', 'practices', 'secrets', 'audit', 'hygiene'].flatMap((name) => [
    `${name}.json`,
    `${name}.md`,
  ]),
  ...['practices', 'secrets', 'audit', 'hygiene'].map((name) => `${name}.sarif`),
  ...['hardening_plan.md', 'hardening_plan.json', 'implementation_report.md', 'implementation_report.json'],
  ...['test_report.md', 'qa_results.json', 'HARDENING.md'],
];

describe('hardening', () => {
  let run: HardeningRun | null = null;
  const start = async (files: Files): Promise<HardeningRun> => (run = await HardeningRun.create(files));

  afterEach(async () => {
    await run?.remove();
    run = null;
  });

  it('runs the unittest suite of a Python repository', async () => {
    const tests =
      'import unittest\nimport calc\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(calc.add(1, 2), 3)\n';
    const hardening = await start({
      'calc.py': 'def add(a, b):\n    return a + b\n',
      'tests/__init__.py': '',
      'tests/test_calc.py': tests,
    });
    await hardening.all();
    expect(hardening.paths).toEqual(expect.arrayContaining(DELIVERABLES));
    expect(hardening.metric('tests.total')).toBe(1);
    expect(hardening.metric('tests.pass_rate')).toBe(1);
    expect(hardening.git('show', 'HEAD:.gitignore')).toContain('__pycache__/');
  }, 180_000);

  it('says that tests are not measured where there are none, and completes', async () => {
    const hardening = await start({ 'main.c': 'int main(void) { return 0; }\n' });
    await hardening.all();
    expect(hardening.paths).toEqual(expect.arrayContaining(DELIVERABLES));
    expect(hardening.metric('tests.total')).toBeUndefined();
    expect(await hardening.json('qa_results.json')).toMatchObject({
      measured: false,
      reason: 'no test command was found',
      after: null,
    });
    const { findings } = (await hardening.json('practices.json')) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toContain('practices/no_tests');
  }, 60_000);

  it('completes on an empty repository without inventing a number', async () => {
    const hardening = await (await start({})).all();
    expect(hardening.paths).toEqual(expect.arrayContaining(DELIVERABLES));
    expect(hardening.metric('repo.files')).toBe(0);
    for (const name of ['hygiene.score', 'secrets.count', 'audit.total', 'tests.total'])
      expect(hardening.metric(name)).toBeUndefined();
    expect(hardening.paths).not.toContain('changes.patch');
    expect(await hardening.text('implementation_report.md')).toContain('Nothing was changed');
    expect(await hardening.text('HARDENING.md')).toContain('| Hygiene score | not measured | not measured |');
  }, 60_000);

  it('completes on 5,000 files, and says where it looked at fewer', async () => {
    const files = Array.from({ length: 5000 }, (_, index) => [
      `src/${index % 50}/file${index}.ts`,
      `export const n${index} = ${index};\n`,
    ]);
    const hardening = await start(Object.fromEntries(files) as Files);
    await hardening.all({ parameters: { run_tests: false, max_files: 500 } });
    expect(hardening.metric('repo.files')).toBe(5000);
    expect(hardening.metric('repo.lines')).toBeUndefined();
    expect(await hardening.text('practices.md')).toContain(
      'Only the first 500 of 5000 files were inspected.',
    );
    expect(await hardening.json('qa_results.json')).toMatchObject({ reason: 'the run turns the tests off' });
  }, 180_000);

  it('copes with odd names, links to elsewhere, binary and large files', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'secret.py'), 'outside = 1');
    const name = 'a line\nbreak, émoji 🦊, ‮rtl | `tick`.py';
    const hardening = await start({
      [name]: 'x = 1',
      'link.py': { link: join(outside, 'secret.py') },
      '.gitignore': { link: join(outside, 'ignore') },
      'data.bin': Buffer.from([0, 159, 146, 150]),
      'large.txt': 'x'.repeat(3 * 1024 * 1024),
      ':(glob)*.js': 'let a = 1',
      Dockerfile: 'FROM node:latest\nRUN true\n',
    });
    await hardening.all();
    expect(hardening.git('show', `HEAD:${name}`)).toBe('x = 1');
    expect(hardening.git('diff', '--name-only', '-z', hardening.base, 'HEAD')).toContain(name);
    expect(hardening.git('status', '--porcelain')).toBe('');
    const { symlinks, binary_files: binary } = await hardening.json('inventory.json');
    expect([symlinks, binary]).toEqual([2, 1]);
    const practices = await hardening.text('practices.md');
    expect(practices).toContain('Symbolic link leads out of the repository');
    expect(practices).toContain('Container runs as root');
    expect(await hardening.text('hygiene.md')).toContain('large.txt');
    hardening.applyToBase('hardening.patch');
    await rm(outside, { recursive: true });
  }, 120_000);

  it('counts a submodule without entering it', async () => {
    const hardening = await start({ 'a.sh': 'echo a\n' });
    const { repository } = hardening;
    const other = join(repository, '..', 'other');
    git(join(repository, '..'), 'clone', '--quiet', repository, other);
    git(repository, 'submodule', '--quiet', 'add', other, 'sub');
    git(repository, 'commit', '--quiet', '--message=Add a submodule');
    await hardening.all();
    expect(await hardening.json('inventory.json')).toMatchObject({ submodules: ['sub'] });
    expect(await hardening.json('implementation_report.json')).toMatchObject({ patch: true });
  }, 60_000);

  it('runs no script or hook of the repository outside of the test phase', async () => {
    const proof = join(await mkdtemp(join(tmpdir(), 'proof-')), 'ran');
    const scripts = Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare', 'preaudit'].map((name) => [name, `touch ${proof}`]),
    );
    const hook = `#!/bin/sh\ntouch ${proof}\n`;
    const hardening = await start({
      'package.json': JSON.stringify({
        name: 'x',
        version: '1.0.0',
        scripts,
        dependencies: { x: 'file:./x' },
      }),
      'x/package.json': JSON.stringify({ name: 'x', version: '1.0.0', scripts }),
      'a.js': 'let a',
    });
    for (const name of ['pre-commit', 'post-commit', 'post-checkout', 'commit-msg']) {
      await writeFile(join(hardening.repository, '.git', 'hooks', name), hook, { mode: 0o755 });
    }
    await hardening.phase('discovery');
    await hardening.phase('design');
    await hardening.phase('implementation');
    expect(hardening.commits().length).toBeGreaterThan(0);
    await expect(import('node:fs/promises').then(({ access }) => access(proof))).rejects.toThrow('ENOENT');
  }, 60_000);

  it('tells a test command that is too slow from one that fails', async () => {
    const hardening = await start({ Makefile: 'test:\n\tsleep 600 & sleep 600\n' });
    await hardening.phase('test', { parameters: { test_timeout_minutes: 0.02 } });
    const { after } = (await hardening.json('qa_results.json')) as { after: { suites: { state: string }[] } };
    expect(after.suites.map(({ state }) => state)).toEqual(['timed out']);
  }, 30_000);
});
