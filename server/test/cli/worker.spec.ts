import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogPageDto } from '../../src/logs/dto/log.dto.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { RunListDto } from '../../src/runs/dto/run-summary.dto.js';
import { artifactsOf, contentOf, createRun, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { Person, type Running } from './cli-process.js';

const ALIVE = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('orchestrator worker', () => {
  let api: TestApp;
  let person: Person;
  let started: Running[];

  const scanned = (tries: number): Parameters<typeof publish>[2] => [
    {
      name: 'plan',
      steps: [{ id: 'write', command: 'printf "the plan" > "$ORCHESTRATOR_ARTIFACTS/plan.md"' }],
    },
    {
      name: 'qa',
      steps: [
        {
          id: 'scan',
          agent: 'security',
          worker: { labels: ['security'] },
          env: { MODE: 'deep' },
          retry: { attempts: tries, backoff: '1s' },
          artifacts: [{ path: 'report.md', type: 'report', required: true }],
        },
      ],
    },
  ];

  beforeAll(async () => {
    api = await startTestApp({ limits: { ...QUICK, leaseMs: 6000 } });
    await publish(api.admin, 'scanned', scanned(3));
    await publish(api.admin, 'scanned_once', scanned(1));
    await publish(api.admin, 'thought', [
      {
        name: 'plan',
        steps: [{ id: 'think', agent: 'architect', llm: { role: 'You plan.', task: 'Plan it.' } }],
      },
    ]);
  });
  beforeEach(async () => {
    person = await Person.of(api.url, api.member);
    started = [];
  });
  afterEach(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await endRuns();
    await person.leave();
  });
  afterAll(() => api.stop());

  const run = (profile = 'scanned'): Promise<string> =>
    createRun(api.member, profile, { auto_advance: true, intake: 'Find the holes.' });

  /** A step that waits still would be claimed by the worker of the next test. */
  const endRuns = async (): Promise<void> => {
    const { body } = await api.member.get<RunListDto>('/runs?status=running&status=failed&limit=200');
    for (const { run_id: id } of body.runs) await api.member.post(`/runs/${id}/cancel`);
  };

  const work = (command: string, ...more: string[]): Running => {
    const running = person.start(['worker', '--labels', 'fast,security', '--exec', command, ...more]);
    started.push(running);
    return running;
  };

  /** A command that says where it runs, and ends when the file is there. */
  const untilFile = (file: string): string =>
    `echo $$ > ${join(person.folder, 'pid')}; echo started; while [ ! -e ${join(person.folder, file)} ]; do sleep 0.05; done; echo done > report.md`;
  const pidOf = async (): Promise<number> => {
    const text = await eventually(
      () => readFile(join(person.folder, 'pid'), 'utf8').catch(() => ''),
      (found) => found.endsWith('\n'),
    );
    return Number(text);
  };

  it('does a step with its intake, environment and earlier artifacts, and delivers all it made', async () => {
    const id = await run();
    const { ended } = work(
      `cat "$ORCHESTRATOR_INTAKE"; echo " $MODE $SECRET"; cp "$(dirname "$ORCHESTRATOR_CONTEXT")/context/plan/plan.md" report.md
       echo '{"metric":{"name":"scan.holes","value":3}}' >> "$ORCHESTRATOR_OUTPUT"
       echo '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":2000,"output_tokens":1000}}' >> "$ORCHESTRATOR_OUTPUT"
       echo '{"summary":"Three holes."}' >> "$ORCHESTRATOR_OUTPUT"; mkdir "$ORCHESTRATOR_ARTIFACTS/more"; echo extra > "$ORCHESTRATOR_ARTIFACTS/more/x.txt"`,
      '--once',
    );
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') });
    const done = await runUntil(api.member, id, ({ status }) => status === 'completed');
    expect(phaseOf(done, 'qa').steps).toMatchObject([{ status: 'succeeded', summary: 'Three holes.' }]);
    const made = await artifactsOf(api.member, id, 'qa');
    expect(made.map(({ path }) => path).sort()).toEqual(['more/x.txt', 'report.md']);
    const report = made.find(({ path }) => path === 'report.md');
    expect(await contentOf(api.member, id, report?.artifact_id ?? '')).toBe('the plan');
    const { body } = await api.member.get<RunMetricsDto>(`/runs/${id}/metrics`);
    expect(body.total_token_usage).toEqual({ input: 2000, output: 1000 });
    expect(body.phases_metrics[1]?.measurements).toMatchObject([{ name: 'scan.holes', value: 3 }]);
    const { body: log } = await api.member.get<LogPageDto>(`/runs/${id}/logs?step=scan`);
    expect(log.lines.map(({ text }) => text)).toContain('Find the holes. deep ');
  });

  it('passes variables of its machine by name alone, masks the secret ones, and keeps its API key to itself', async () => {
    const id = await run();
    const args = ['worker', '--labels', 'security', '--once', '--env', 'PLACE', '--secret', 'TOKEN'];
    const running = person.start(
      [
        ...args,
        '--exec',
        'echo "place=$PLACE token=$TOKEN other=$OTHER key=$ORCHESTRATOR_API_KEY"; echo x > report.md',
      ],
      '',
      { PLACE: 'here', TOKEN: 'very-secret-value', OTHER: 'unseen' },
    );
    started.push(running);
    expect((await running.ended).code).toBe(0);
    const { body: log } = await api.member.get<LogPageDto>(`/runs/${id}/logs?step=scan`);
    expect(log.lines.map(({ text }) => text)).toContain('place=here token=*** other= key=');
  });

  it('takes no step whose labels it does not carry', async () => {
    const id = await run();
    await runUntil(api.member, id, (found) => found.waiting_on?.kind === 'worker');
    const running = person.start(['worker', '--labels', 'fast', '--exec', 'true']);
    started.push(running);
    await eventually(
      () => Promise.resolve(running.said()),
      (text) => text.includes('works for'),
    );
    const right = work('echo x > report.md', '--once');
    expect((await right.ended).code).toBe(0);
    expect(running.said()).not.toContain('claimed');
  });

  it('does the steps of agents where it is told to, with role and task', async () => {
    const id = await createRun(api.member, 'thought', { auto_advance: true });
    const { ended } = work('echo "$ORCHESTRATOR_ROLE $ORCHESTRATOR_TASK"', '--once', '--kinds', 'worker,llm');
    expect((await ended).code).toBe(0);
    const { body: log } = await api.member.get<LogPageDto>(`/runs/${id}/logs?step=think`);
    expect(log.lines.map(({ text }) => text)).toContain('You plan. Plan it.');
  });

  it('fails the step where the command fails or delivers nothing, and keeps no folder behind', async () => {
    const id = await run('scanned_once');
    const { ended } = work('pwd >&2; exit 3', '--once', '--json');
    expect((await ended).code).toBe(3);
    const failed = await runUntil(api.member, id, (found) => found.status === 'failed');
    expect(phaseOf(failed, 'qa').error).toMatchObject({ message: expect.stringContaining('exit code 3') });
    const { body: log } = await api.member.get<LogPageDto>(`/runs/${id}/logs?step=scan`);
    const folder = log.lines.find(({ text }) => text.includes('orchestrator-worker-'))?.text ?? '';
    expect(folder).not.toBe('');
    expect(existsSync(folder)).toBe(false);
    await api.member.post(`/runs/${id}/next`, {}, { Prefer: 'wait=0' });
    await work('true', '--once').ended;
    const again = await runUntil(
      api.member,
      id,
      (found) => found.status === 'failed' && phaseOf(found, 'qa').attempt === 2,
    );
    expect(phaseOf(again, 'qa').error?.message).toContain('report.md');
  });

  it('ends the command and its children when the run is cancelled', async () => {
    const id = await run();
    const { said } = work(untilFile('never'));
    const pid = await pidOf();
    await api.member.post(`/runs/${id}/cancel`);
    await eventually(
      () => Promise.resolve(ALIVE(pid)),
      (alive) => !alive,
    );
    await eventually(
      () => Promise.resolve(said()),
      (text) => text.includes('no longer ours'),
    );
  });

  it('finishes on SIGTERM what ends within the grace time, and claims nothing more', async () => {
    const id = await run();
    const running = work(untilFile('go'), '--grace', '60');
    await pidOf();
    running.child.kill('SIGTERM');
    await writeFile(join(person.folder, 'go'), '');
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') });
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });

  it('hands the step back on SIGTERM where it does not end, and another worker does it as the same try', async () => {
    const id = await run('scanned_once');
    const running = work(untilFile('never'), '--grace', '0');
    const pid = await pidOf();
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('handed back') });
    expect(ALIVE(pid)).toBe(false);
    expect((await work('echo x > report.md', '--once').ended).code).toBe(0);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });

  it('drops what it did once its lease is lost', async () => {
    const id = await run();
    const first = work(untilFile('late'));
    const pid = await pidOf();
    // Nothing of it runs, so no heartbeat is sent, and the lease runs out.
    first.child.kill('SIGSTOP');
    await runUntil(api.member, id, (found) => phaseOf(found, 'qa').steps.some(({ tries }) => tries === 2));
    expect((await work('echo second > report.md', '--once').ended).code).toBe(0);
    await writeFile(join(person.folder, 'late'), '');
    first.child.kill('SIGCONT');
    await eventually(
      () => Promise.resolve(first.said()),
      (text) => text.includes('no longer ours'),
    );
    expect(ALIVE(pid)).toBe(false);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    const [report] = await artifactsOf(api.member, id, 'qa');
    expect(await contentOf(api.member, id, report?.artifact_id ?? '')).toBe('second\n');
  });

  it('does several steps at a time', async () => {
    await publish(api.admin, 'parallel', [
      {
        name: 'qa',
        steps: ['one', 'two'].map((step) => ({
          id: step,
          agent: step,
          needs: [],
          worker: { labels: ['security'] },
        })),
      },
    ]);
    const id = await createRun(api.member, 'parallel', { auto_advance: true });
    // Each waits for the other: one at a time would wait for ever.
    const other = `touch ${person.folder}/$ORCHESTRATOR_STEP; until [ -e ${person.folder}/one ] && [ -e ${person.folder}/two ]; do sleep 0.05; done`;
    work(other, '--concurrency', '2');
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    expect((await readdir(person.folder)).sort()).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('says what is missing: a command, a variable, the permission', async () => {
    expect(await person.run('worker', '--labels', 'a')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--exec'),
    });
    expect((await person.run('worker', '--exec', 'true', '--env', 'NOT_SET')).stderr).toContain('NOT_SET');
    const viewer = await Person.of(api.url, api.viewer);
    const { code, stderr } = await viewer.run('worker', '--exec', 'true');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('workers:claim') });
    await viewer.leave();
  });
});
