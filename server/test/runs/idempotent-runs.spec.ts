import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunListDto, RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, next, publish } from './run-steps.js';

describe('Idempotency-Key', () => {
  let api: TestApp;
  let executions: string;

  beforeAll(async () => {
    api = await startTestApp();
    executions = join(api.folder, 'executions');
    await publish(api.admin, 'counted', commands({ one: `echo x >> ${executions}`, two: 'exit 4' }));
  });

  afterAll(() => api.stop());

  const create = (key: string, body: object = { profile: 'counted' }, client = api.member) =>
    client.post<RunSummaryDto>('/runs', body, { 'Idempotency-Key': key });
  const total = async (): Promise<number> => (await api.admin.get<RunListDto>('/runs')).body.total;

  it('creates one run for the same key and body, and gives the first answer again', async () => {
    const first = await create('same');
    const before = await total();
    const second = await create('same');
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(`/runs/${first.body.run_id}`);
    expect(await total()).toBe(before);
  });

  it('refuses the same key with another body', async () => {
    await create('other');
    const answer = await create('other', { profile: 'counted', intake: 'another' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('creates one run of simultaneous requests', async () => {
    const before = await total();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create('together')));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.run_id)).size).toBe(1);
    expect(await total()).toBe(before + 1);
  });

  it("is each user's own", async () => {
    const mine = await create('shared');
    const theirs = await create('shared', { profile: 'counted' }, api.otherMember);
    expect(theirs.status).toBe(201);
    expect(theirs.body.run_id).not.toBe(mine.body.run_id);
  });

  it('repeats refusals too', async () => {
    expect((await create('wrong', { profile: 'none' })).status).toBe(400);
    const again = await create('wrong', { profile: 'none' });
    expect(again).toMatchObject({ status: 400, body: { code: 'unknown_profile' } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('executes a phase once, and repeats the answer when it failed', async () => {
    const id = await createRun(api.member, 'counted');
    const key = (name: string): Record<string, string> => ({ 'Idempotency-Key': name });
    const first = await next(api.member, id, undefined, key('advance'));
    const second = await next(api.member, id, undefined, key('advance'));
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(await readFile(executions, 'utf8')).toBe('x\n');
    const failed = await next(api.member, id, undefined, key('fail'));
    const repeated = await next(api.member, id, undefined, key('fail'));
    expect(failed).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    expect(repeated).toMatchObject({ status: 409, body: failed.body });
    expect(repeated.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each(['', 'x'.repeat(256), 'tab\tbed'])('refuses the key %p', async (key) => {
    const answer = await create(key);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
  });
});
