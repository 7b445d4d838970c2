import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HardeningRun } from './support/hardening-run.js';

// Put together here, so that no scanner takes this file for a leak.
const TOKEN = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');

const NOTEBOOK = {
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# Größe'] },
    {
      cell_type: 'code',
      execution_count: 7,
      metadata: {},
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['42\n'] }],
      source: ['print(42)'],
    },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
};

const WORKFLOW = `name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm test
`;

describe('hardening a JavaScript repository with a suite of node:test', () => {
  let run: HardeningRun;

  beforeAll(async () => {
    run = await HardeningRun.create({
      'package.json': JSON.stringify({ name: 'demo', license: 'MIT', scripts: { test: 'node --test' } }),
      'src/sum.js': 'exports.sum = (a, b) => a + b;',
      'src/config.js': `exports.token = '${TOKEN}';`,
      'test/sum.test.js': [
        "const test = require('node:test');",
        "const assert = require('node:assert');",
        "const { sum } = require('../src/sum.js');",
        "test('adds', () => assert.equal(sum(1, 2), 3));",
        "test('fails', () => assert.equal(sum(1, 2), 4));",
        "test('is skipped', { skip: true }, () => {});",
        `console.log('printed by a test: ${TOKEN}');`,
        '',
      ].join('\n'),
      '.DS_Store': Buffer.from([0, 0, 0, 1]),
      '.github/workflows/ci.yml': WORKFLOW,
      'analysis.ipynb': `${JSON.stringify(NOTEBOOK, null, 1)}\n`,
      'README.md': '# Demo\n\nSee [nothing](missing.md).\n',
    });
    await run.all();
  }, 180_000);

  afterAll(() => run.remove());

  it('counts the files and names the main language', async () => {
    expect(run.metric('repo.files')).toBe(8);
    const { languages } = (await run.json('inventory.json')) as {
      languages: { name: string; files: number }[];
    };
    expect(languages.find(({ name }) => name === 'JavaScript')?.files).toBe(3);
  });

  it('finds the secrets by file and line', async () => {
    expect(run.metric('secrets.count')).toBe(2);
    const { findings } = (await run.json('secrets.json')) as {
      findings: { path: string; severity: string }[];
    };
    expect(findings.map(({ path, severity }) => [path, severity])).toEqual([
      ['src/config.js', 'critical'],
      ['test/sum.test.js', 'moderate'],
    ]);
  });

  it('repeats no secret in any artifact or report line', async () => {
    for (const path of run.paths)
      expect([path, (await run.text(path)).includes(TOKEN)]).toEqual([path, false]);
    expect(run.output.join('\n')).not.toContain(TOKEN);
    expect(await run.text('test_report.md')).toContain('printed by a test: [redacted');
  });

  it('orders the plan by priority and refers to findings that exist', async () => {
    const { items } = (await run.json('hardening_plan.json')) as {
      items: { rule: string; priority: number; evidence: { artifact: string; finding_id: string }[] }[];
    };
    expect(items[0]?.rule).toMatch(/^secrets\//u);
    expect(items.map(({ priority }) => priority)).toEqual(
      items.map(({ priority }) => priority).sort((a, b) => b - a),
    );
    for (const { artifact, finding_id: id } of items.flatMap(({ evidence }) => evidence)) {
      const { findings } = (await run.json(artifact)) as { findings: { id: string }[] };
      expect(findings.some((finding) => finding.id === id)).toBe(true);
    }
  });

  it('makes each remedy a commit of its own, with its reason', () => {
    expect(run.commits()).toEqual([
      'Remove files that tools left behind',
      'Ignore what builds and tools leave behind',
      'Tell editors the layout that the files have',
      'Keep line ends the same on every system',
      'End source files with a line end',
      'Take the results out of notebooks',
      'Give workflows no more than read access',
      'Document what the hardening found and changed',
    ]);
    const bodies = run
      .git('log', '--format=%b%x00', `${run.base}..HEAD~1`)
      .split('\0')
      .filter((body) => body.trim() !== '');
    expect(bodies).toHaveLength(7);
  });

  it('makes patches that lead from the base to the result', async () => {
    const tree = run.applyToBase('hardening.patch');
    expect(tree).toBe(run.git('rev-parse', 'HEAD^{tree}'));
    expect(await run.text('changes.patch')).toContain('diff --git a/.gitignore');
  });

  it('removes the junk and leaves a file with a secret alone', async () => {
    expect(existsSync(join(run.repository, '.DS_Store'))).toBe(false);
    expect(run.git('diff', '--name-only', run.base, 'HEAD', '--', 'src').split('\n')).toEqual(['src/sum.js']);
    expect(await run.text('implementation_report.md')).toContain('it may contain a secret');
  });

  it('clears the results of the notebook and nothing else in it', () => {
    const cells = NOTEBOOK.cells.map((cell) =>
      'outputs' in cell ? { ...cell, outputs: [], execution_count: null } : cell,
    );
    expect(JSON.parse(run.git('show', 'HEAD:analysis.ipynb'))).toEqual({ ...NOTEBOOK, cells });
  });

  it('restricts the workflow in front of its jobs', () => {
    const expected = WORKFLOW.replace('jobs:', 'permissions:\n  contents: read\n\njobs:');
    expect(run.git('show', 'HEAD:.github/workflows/ci.yml')).toBe(expected.trim());
  });

  it('measures the tests before and after', async () => {
    for (const prefix of ['tests', 'tests_before']) {
      expect(run.metric(`${prefix}.total`)).toBe(3);
      expect(run.metric(`${prefix}.failed`)).toBe(1);
      expect(run.metric(`${prefix}.skipped`)).toBe(1);
      expect(run.metric(`${prefix}.pass_rate`)).toBe(0.5);
    }
    expect(await run.json('qa_results.json')).toMatchObject({ measured: true, comparison: 'same' });
    expect(await run.text('junit/after-npm-1.xml')).toContain('<testcase name="adds"');
  });

  it('leaves nothing of the tests in the work tree', () => {
    expect(run.git('status', '--porcelain')).toBe('');
    expect(run.git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('says that the audit is not measured where there is no lock file', async () => {
    expect(run.metric('audit.total')).toBeUndefined();
    expect(await run.json('audit.json')).toMatchObject({
      measured: false,
      notes: ['Not measured: there is no lock file.'],
    });
  });

  it('documents a better hygiene score than before, and commits it with its badges', async () => {
    const before = run.metric('hygiene.score_before') ?? 1;
    expect(run.metric('hygiene.score_after')).toBeGreaterThan(before);
    expect(run.git('show', 'HEAD:HARDENING.md')).toBe((await run.text('HARDENING.md')).trim());
    expect(await run.text('.hardening/tests.svg')).toContain('1/3 passed');
    expect(await run.text('HARDENING.md')).toContain('Project: Demo \\<b\\>project');
  });

  it('has nothing more to change on its own result', async () => {
    const again = await run.phase('implementation');
    const reports = again.made.filter(({ path }) => path === 'implementation_report.json');
    expect(reports).toHaveLength(2);
    expect(run.git('status', '--porcelain')).toBe('');
    expect(run.commits()).toHaveLength(8);
  });
});
