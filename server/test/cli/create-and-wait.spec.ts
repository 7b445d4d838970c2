import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import { commands, detail, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { Person } from './cli-process.js';

const AGENT = { id: 'plan', agent: 'architect', llm: { role: 'You plan.', task: 'Write the plan.' } };

describe('orchestrator create --wait', () => {
  let api: TestApp;
  let person: Person;

  beforeAll(async () => {
    api = await startTestApp();
    person = await Person.of(api.url, api.member);
    await publish(api.admin, 'good', commands({ plan: 'echo planned', build: 'echo built' }));
    await publish(api.admin, 'bad', commands({ plan: 'exit 7' }));
    await publish(api.admin, 'blocked', [
      {
        name: 'plan',
        steps: [{ id: 'do', command: 'true' }],
        gates: [{ id: 'plan_there', artifact: 'plan.md', remedy: 'Write it.' }],
      },
    ]);
    await publish(api.admin, 'approval', [
      { name: 'plan', steps: [{ id: 'signoff', approval: { role: 'member', count: 1 } }] },
    ]);
    await publish(api.admin, 'agent', [{ name: 'plan', steps: [AGENT] }]);
    await publish(
      api.admin,
      'long',
      commands({ plan: 'while [ ! -e "$TMPDIR/../never" ]; do sleep 0.1; done' }),
    );
    await publish(api.admin, 'asking', commands({ plan: 'true' }), {
      parameters: {
        type: 'object',
        properties: { depth: { type: 'integer' }, tags: { type: 'array' }, name: { type: 'string' } },
        additionalProperties: false,
      },
    });
  });
  afterAll(async () => {
    await person.leave();
    await api.stop();
  });

  const create = (profile: string, ...more: string[]) =>
    person.run('create', '--profile', profile, '--auto', '--wait', ...more);

  it('ends with 0 when the run is completed, having shown every phase', async () => {
    const { code, stdout, stderr } = await create('good', '--project', 'shown');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/✓ plan completed[\s\S]*✓ build completed[\s\S]*The run is complete\./);
  });

  it('prints the run alone with --json', async () => {
    const run = await person.json<RunDetailDto>('create', '-p', 'good', '--auto', '--wait');
    expect(run).toMatchObject({ status: 'completed', progress: { phases_done: 2 } });
    expect(run).toEqual(await detail(api.member, run.run_id));
  });

  it('ends with 2 when a gate blocks it, naming what was asked for', async () => {
    const { code, stdout } = await create('blocked');
    expect(code).toBe(2);
    expect(stdout).toContain('Blocked by a gate');
  });

  it('ends with 3 when it failed, saying why', async () => {
    const { code, stdout } = await create('bad');
    expect(code).toBe(3);
    expect(stdout).toContain('exit code 7');
  });

  it.each(['approval', 'agent'])('ends with 4 when it waits for a person: %s', async (profile) => {
    const { code, stdout } = await create(profile);
    expect(code).toBe(4);
    expect(stdout).toContain('Waits for a person');
  });

  it('ends with 4 where nobody lets the phases start', async () => {
    expect((await person.run('create', '-p', 'good', '--wait')).code).toBe(4);
  });

  it('ends with 1 when the run is cancelled', async () => {
    const { child, said, ended } = person.start([
      'create',
      '-p',
      'long',
      '--auto',
      '--wait',
      '--project',
      'stopped',
    ]);
    await eventually(
      () => Promise.resolve(said()),
      (text) => text.includes('plan in progress'),
    );
    expect((await person.run('cancel', 'stopped', '--reason', 'enough')).code).toBe(0);
    expect(await ended).toMatchObject({ code: 1 });
    expect(child.exitCode).toBe(1);
  });

  it('ends with 130 on Ctrl-C, and the run goes on', async () => {
    const { child, said, ended } = person.start([
      'create',
      '-p',
      'long',
      '--auto',
      '--wait',
      '--project',
      'left',
    ]);
    await eventually(
      () => Promise.resolve(said()),
      (text) => text.includes('plan in progress'),
    );
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('The run goes on');
    const { runs } = await person.json<{ runs: RunSummaryDto[] }>('list', '-q', 'left');
    expect(runs).toMatchObject([{ status: 'running', waiting_on: { kind: 'phase' } }]);
    await person.run('cancel', 'left');
  });

  it('ends with 1 and the server’s words where the server refuses the run', async () => {
    const { code, stdout, stderr } = await create('no_such_profile');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('no_such_profile');
    expect(stderr).toContain('/profile:');
  });

  it('gives the problem itself with --json', async () => {
    const { code, stderr } = await create('no_such_profile', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ status: 400, code: 'unknown_profile' });
  });

  it('sends intake, parameters, metadata and budget as they were given', async () => {
    await writeFile(join(person.folder, 'intake.md'), '# Größe\n');
    const { run_id: id } = await person.json<RunSummaryDto>(
      ...['create', '-p', 'asking', '--intake', '@intake.md', '--project', 'all'],
      ...['--param', 'depth=3', '--param', 'tags=["a"]', '--param', 'name=b=c', '--metadata', 'ticket=12'],
      ...['--budget', '2.50', '--max-tokens', '1000'],
    );
    expect(await detail(api.member, id)).toMatchObject({
      intake: '# Größe\n',
      project_name: 'all',
      parameters: { depth: 3, tags: ['a'], name: 'b=c' },
      metadata: { ticket: '12' },
      budget: { max_cost_usd: 2.5, max_tokens: 1000 },
      auto_advance: false,
    });
  });

  it('reads the intake from standard input', async () => {
    const { ended } = person.start(['create', '-p', 'good', '-i', '-', '--json'], 'from a pipe');
    const run = JSON.parse((await ended).stdout) as RunSummaryDto;
    expect((await detail(api.member, run.run_id)).intake).toBe('from a pipe');
  });

  it('creates one run for one idempotency key', async () => {
    const args = ['create', '-p', 'good', '--idempotency-key', 'build-17'];
    const [first, second] = [
      await person.json<RunSummaryDto>(...args),
      await person.json<RunSummaryDto>(...args),
    ];
    expect(second.run_id).toBe(first.run_id);
  });

  it.each([
    [['--param', 'nothing'], 'name=value'],
    [['--budget', 'much'], 'amount'],
    [['--intake', '@missing.md'], 'missing.md cannot be read'],
  ])('refuses %j before it asks the server', async (args, words) => {
    const { code, stderr } = await create('good', ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  });

  it('lets somebody who watches see the end of a run that others move', async () => {
    const { run_id: id } = await person.json<RunSummaryDto>('create', '-p', 'approval', '--auto');
    await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'approval');
    expect((await person.run('watch', id, '--exit-code')).code).toBe(4);
    const { said, ended } = person.start(['run', 'watch', id]);
    await eventually(
      () => Promise.resolve(said()),
      (text) => text.includes('waits on approval'),
    );
    const other = await Person.of(api.url, api.admin);
    expect((await other.run('approve', id, '--comment', 'fine')).code).toBe(0);
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('The run is complete.') });
    await other.leave();
  });

  it('sees a run through where a model takes up the step of an agent a moment after it was offered', async () => {
    const run = JSON.parse((await create('good', '--json')).stdout) as RunDetailDto;
    const offered = { kind: 'agent', since: run.created_at, detail: 'Step plan waits for agent architect.' };
    const answers: object[] = [{ ...run, status: 'running', waiting_on: offered }];
    const server = createServer((request, response) => {
      const isStream = request.headers.accept === 'text/event-stream';
      response.writeHead(200, { 'Content-Type': isStream ? 'text/event-stream' : 'application/json' });
      if (isStream) response.write('id: 1\ndata: {}\n\n');
      else response.end(JSON.stringify(answers.shift() ?? run));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const { code, stdout } = await person.run('watch', run.run_id, '--exit-code', '--server', url);
    server.closeAllConnections();
    server.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('The run is complete.') });
  });

  it('prints every event once and in order with watch --json', async () => {
    const { run_id: id } = await person.json<RunSummaryDto>('create', '-p', 'good', '--auto');
    const { code, stdout } = await person.run('watch', id, '--json');
    expect(code).toBe(0);
    const seqs = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.length).toBeGreaterThan(4);
  });
});
