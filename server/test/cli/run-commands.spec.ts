import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLineDto } from '../../src/logs/dto/log.dto.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunListDto } from '../../src/runs/dto/run-summary.dto.js';
import { commands, createRun, detail, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Person } from './cli-process.js';

const ESCAPE = String.fromCodePoint(0x1b);

describe('the commands about a run', () => {
  let api: TestApp;
  let person: Person;

  beforeAll(async () => {
    api = await startTestApp();
    person = await Person.of(api.url, api.member);
    await publish(
      api.admin,
      'two',
      commands({
        plan: `echo planned; echo odd >&2; printf 'red \\033[31mword\\033[0m \\033]0;title\\007end\\n'; mkdir "$ORCHESTRATOR_ARTIFACTS/a"; printf one > "$ORCHESTRATOR_ARTIFACTS/a/plan.md"`,
        build: 'echo built',
      }),
    );
    await publish(api.admin, 'blocked', [
      {
        name: 'plan',
        steps: [{ id: 'do', command: 'true' }],
        gates: [{ id: 'plan_there', artifact: 'plan.md', remedy: 'Write the plan.' }],
      },
    ]);
    await publish(api.admin, 'by_hand', [
      {
        name: 'plan',
        steps: [
          {
            id: 'write',
            agent: 'architect',
            llm: { role: 'You plan.', task: 'Write the plan.' },
            artifacts: [{ path: 'docs/plan.md', required: true }],
          },
        ],
      },
      { name: 'signoff', steps: [{ id: 'ok', approval: { role: 'member', count: 1, self_approval: true } }] },
    ]);
  });
  afterAll(async () => {
    await person.leave();
    await api.stop();
  });

  const finished = async (profile: string, projectName: string): Promise<RunDetailDto> => {
    const id = await createRun(api.member, profile, { project_name: projectName, auto_advance: true });
    return runUntil(api.member, id, (run) => run.status !== 'running');
  };

  /** What steps printed, without what the orchestrator says between. */
  const printed = async (...args: string[]): Promise<string[]> => {
    const { code, stdout } = await person.run(...args, '--json');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLineDto);
    return lines.filter(({ stream }) => stream !== 'system').map(({ text }) => text);
  };

  describe('by their names', () => {
    it.each([['run', 'show'], ['show']])('%s %s', async (...words) => {
      const id = await createRun(api.member, 'two', { project_name: `named ${words.length}` });
      expect(await person.json<RunDetailDto>(...words, id)).toEqual(await detail(api.member, id));
    });
  });

  it('finds a run by its id, its short id and its project, and by no part of another', async () => {
    const id = await createRun(api.member, 'two', { project_name: 'findable' });
    for (const name of [id, id.toUpperCase(), id.slice(-8), 'findable']) {
      expect((await person.json<RunDetailDto>('show', name)).run_id).toBe(id);
    }
    const { code, stderr } = await person.run('show', 'findab');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Run not found: findab\n' });
  });

  it('asks for an id where several runs have the name', async () => {
    const ids = [
      await createRun(api.member, 'two', { project_name: 'twin' }),
      await createRun(api.member, 'two', { project_name: 'twin' }),
    ];
    const { code, stderr } = await person.run('cancel', 'twin');
    expect(code).toBe(1);
    for (const id of ids) expect(stderr).toContain(id.slice(-8));
    expect((await detail(api.member, ids[0] ?? '')).status).toBe('running');
  });

  it('does not see the runs of others', async () => {
    const id = await createRun(api.otherMember, 'two', { project_name: 'secret' });
    expect(await person.run('show', id)).toMatchObject({ code: 1, stderr: `Run not found: ${id}\n` });
    expect((await person.run('show', 'secret')).code).toBe(1);
  });

  it('lists runs by filter, in a table and as JSON', async () => {
    const run = await finished('two', 'listed');
    const page = await person.json<RunListDto>('list', '-q', 'listed', '--status', 'completed');
    expect(page.runs.map((row) => row.run_id)).toEqual([run.run_id]);
    const { stdout } = await person.run('run', 'list', '-q', 'listed');
    const [head, row] = stdout.split('\n');
    expect(head).toMatch(/^ID +PROJECT +PROFILE +STATUS/);
    expect(row).toMatch(new RegExp(`^${run.run_id.slice(-8)} +listed +two +completed +build +2/2 `));
    expect((await person.run('list', '--status', 'lost')).stderr).toContain('status');
  });

  it('shows no terminal sequences of others, and no colours where there is no terminal', async () => {
    const id = await createRun(api.member, 'two', {
      project_name: `evil${ESCAPE}]0;title\u0007${ESCAPE}[2Jname`,
    });
    for (const command of ['list', 'show']) {
      const { stdout } = await person.run(...(command === 'list' ? ['list'] : ['show', id]));
      expect(stdout).not.toContain(ESCAPE);
      expect(stdout).toContain('evil');
    }
  });

  it('advances a run with next, and says where it is', async () => {
    const id = await createRun(api.member, 'two');
    expect(await person.run('next', id)).toMatchObject({ code: 0, stdout: 'Advanced from plan to build.\n' });
    expect(await person.json('run', 'next', id)).toMatchObject({ status: 'completed' });
    const { code, stderr } = await person.run('next', id);
    expect(code).toBe(1);
    expect(stderr).not.toBe('');
  });

  it('ends next with 2 where a gate blocks, with the gate and its remedy', async () => {
    const id = await createRun(api.member, 'blocked');
    const { code, stdout, stderr } = await person.run('next', id);
    expect(code).toBe(2);
    expect(stdout).toMatch(/plan_there +blocked .*Write the plan\./);
    expect(stderr).not.toBe('');
    expect((await person.run('next', id, '--skip-validation')).code).toBe(1);
    const admin = await Person.of(api.url, api.admin);
    expect((await admin.run('next', id, '--skip-validation', '--reason', 'known')).code).toBe(0);
    expect(phaseOf(await detail(api.member, id), 'plan').gates).toMatchObject([
      { status: 'waived', waived_by: { reason: 'known' } },
    ]);
    await admin.leave();
  });

  it('prints the log with its places, without terminal sequences, and filtered', async () => {
    const { run_id: id } = await finished('two', 'logged');
    const { stdout } = await person.run('logs', id);
    expect(stdout).toContain('plan/do planned\n');
    expect(stdout).toContain('plan/do odd\n');
    expect(stdout).toContain('plan/do red word end\n');
    expect(stdout).toContain('build/do built\n');
    expect((await person.run('logs', id, '--phase', 'build', '--step', 'do')).stdout).toMatch(/^built$/m);
    expect(await printed('logs', id, '--phase', 'build')).toEqual(['built']);
  });

  it('follows the log to the end of the run, each line once', async () => {
    await publish(
      api.admin,
      'chatty',
      commands({ plan: 'for i in 1 2 3 4 5 6; do echo line $i; sleep 0.3; done' }),
    );
    const id = await createRun(api.member, 'chatty', { auto_advance: true });
    expect(await printed('logs', id, '--follow')).toEqual([1, 2, 3, 4, 5, 6].map((n) => `line ${n}`));
  });

  it('lists and downloads the artifacts', async () => {
    const { run_id: id } = await finished('two', 'made');
    expect((await person.run('artifacts', id)).stdout).toMatch(/plan +a\/plan\.md .* 3 B/);
    const { code } = await person.run('artifacts', id, '--download', 'out');
    expect(code).toBe(0);
    expect(await readFile(join(person.folder, 'out/plan/a/plan.md'), 'utf8')).toBe('one');
    expect(await person.run('artifacts', id, '--phase', 'build')).toMatchObject({
      code: 0,
      stderr: 'No artifacts.\n',
    });
  });

  it('says which file it cannot write', async () => {
    const { run_id: id } = await finished('two', 'unwritable');
    await mkdir(join(person.folder, 'taken/plan'), { recursive: true });
    await writeFile(join(person.folder, 'taken/plan/a'), 'a file where a folder is needed');
    const { code, stderr } = await person.run('artifacts', id, '--download', 'taken');
    expect(code).toBe(1);
    expect(stderr).toMatch(/taken\/plan\/a.* cannot be written/);
  });

  it('shows the metrics, and that nothing was measured where nothing was', async () => {
    const { run_id: id } = await finished('two', 'measured');
    expect(await person.json<RunMetricsDto>('metrics', id)).toMatchObject({
      run_id: id,
      governance_measured: false,
    });
    expect((await person.run('metrics', id)).stdout).toMatch(/governance +not measured/);
  });

  it('pauses, resumes, rolls back and cancels', async () => {
    const id = await createRun(api.member, 'two');
    expect(await person.json('pause', id)).toMatchObject({ status: 'paused' });
    expect((await person.run('next', id)).code).toBe(1);
    expect(await person.json('resume', id)).toMatchObject({ status: 'running' });
    await person.run('next', id);
    await person.run('next', id);
    expect(await person.json('rollback', id, 'plan')).toMatchObject({
      status: 'running',
      current_phase: 'build',
    });
    expect(await person.json('cancel', id, '--reason', 'done with it')).toMatchObject({
      status: 'cancelled',
    });
  });

  it('retries a failed phase, and waits for what it comes to', async () => {
    const flag = join(person.folder, 'mended');
    await publish(api.admin, 'mendable', commands({ plan: `test -e ${flag}` }));
    const run = await finished('mendable', 'mended run');
    expect(run.status).toBe('failed');
    expect((await person.run('retry', run.run_id, '--wait')).code).toBe(3);
    await writeFile(flag, '');
    const { code, stdout } = await person.run('retry', 'mended run', '--phase', 'plan', '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', phases: [{ attempt: 3 }] });
    expect((await person.run('retry', run.run_id)).code).toBe(1);
  });

  it('clones a run, with what is named in place of what it had', async () => {
    const id = await createRun(api.member, 'two', {
      project_name: 'source',
      intake: 'As before.',
      metadata: { a: '1' },
    });
    const { run_id: copy } = await person.json<RunDetailDto>('clone', id, '--project', 'copy', '--auto');
    expect(copy).not.toBe(id);
    const run = await runUntil(api.member, copy, ({ status }) => status === 'completed');
    expect(run).toMatchObject({
      profile: 'two',
      project_name: 'copy',
      intake: 'As before.',
      metadata: { a: '1' },
    });
  });

  it('delivers and completes a step by hand, then approves', async () => {
    const id = await createRun(api.member, 'by_hand', { auto_advance: true });
    await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'agent');
    expect((await person.run('show', id)).stdout).toContain('Step write of plan is to deliver docs/plan.md.');
    const early = await person.run('complete', id, 'write');
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('docs/plan.md') });
    await writeFile(join(person.folder, 'mine.md'), '# Plan\n');
    const done = await person.run(
      ...['complete', id, 'write', '--file', 'mine.md=docs/plan.md', '--summary', 'Written by me'],
      ...['--usage', 'ollama:llama3:8b:2000:10'],
    );
    expect(done).toMatchObject({ code: 0 });
    const run = await runUntil(api.member, id, ({ waiting_on: waiting }) => waiting?.kind === 'approval');
    expect(phaseOf(run, 'plan').steps).toMatchObject([{ status: 'succeeded', summary: 'Written by me' }]);
    expect(await person.json<RunMetricsDto>('metrics', id)).toMatchObject({
      total_token_usage: { input: 2000, output: 10 },
    });
    expect((await person.run('reject', id)).stderr).toContain('--comment');
    expect((await person.run('approve', id, '-m', 'good')).code).toBe(0);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });

  it('gives rejected work back with the comment', async () => {
    const id = await createRun(api.member, 'by_hand', { auto_advance: true });
    await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'agent');
    await writeFile(join(person.folder, 'plan.md'), '# Plan\n');
    await person.run('complete', id, 'write', '--file', 'plan.md=docs/plan.md');
    await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'approval');
    expect((await person.run('reject', id, '-m', 'Name the risks.')).code).toBe(0);
    await runUntil(api.member, id, (run) => phaseOf(run, 'signoff').attempt === 2);
  });
});
