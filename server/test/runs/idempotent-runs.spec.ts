import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { v4 } from 'uuid';
import type { Claim } from '../../src/idempotency/domain/idempotency-key.js';
import { IdempotencyKeysRepository } from '../../src/idempotency/idempotency-keys.repository.js';
import { Execution, once } from '../../src/idempotency/once.js';
import type { RunListDto, RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import type { CommentsDto } from '../../src/sharing/sharing.dto.js';
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

  describe('of a request whose answer was lost', () => {
    const query = (sql: string) => api.database.dataSource.query<{ id: string }[]>(sql);
    /** As when nobody has renewed it for long. */
    const letLocksRunOut = () =>
      query("UPDATE idempotency_keys SET locked_until = now() - interval '1 second'");

    beforeAll(() =>
      query(`CREATE FUNCTION lose_answer() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'lost'; END $$`),
    );

    /** Does `work` while no answer can be stored, as when the process ends between its work and its answer. */
    async function losingAnswers<T>(work: () => Promise<T>): Promise<T> {
      await query(`CREATE TRIGGER lose_answer BEFORE UPDATE OF status ON idempotency_keys
                   FOR EACH ROW EXECUTE FUNCTION lose_answer()`);
      const outcome = await work();
      await query('DROP TRIGGER lose_answer ON idempotency_keys');
      await letLocksRunOut();
      return outcome;
    }

    it('creates no second run, and gives the first', async () => {
      const lost = await losingAnswers(() => create('lost'));
      const before = await total();
      const again = await create('lost');
      expect(again).toMatchObject({ status: 201, body: { run_id: lost.body.run_id } });
      expect(await total()).toBe(before);
      expect((await create('lost')).headers.get('idempotency-replayed')).toBe('true');
    });

    it('clones, comments and controls once', async () => {
      const id = await createRun(api.member, 'counted');
      const twice = async (path: string, body: object) => {
        const send = () => api.member.post<object>(`/runs/${id}/${path}`, body, { 'Idempotency-Key': path });
        return [await losingAnswers(send), await send()] as const;
      };
      for (const [path, body] of [
        ['clone', {}],
        ['comments', { body: 'once' }],
        ['pause', {}],
        ['cancel', {}],
      ] as const) {
        const [lost, again] = await twice(path, body);
        expect(again).toMatchObject({ status: lost.status, body: lost.body });
      }
      const { body } = await api.member.get<CommentsDto>(`/runs/${id}/comments`);
      expect(body.comments).toHaveLength(1);
    });

    it('executes a phase once, and tells how it ended', async () => {
      await writeFile(executions, '');
      const id = await createRun(api.member, 'counted');
      const advance = () => next(api.member, id, undefined, { 'Idempotency-Key': 'lost advance' });
      const lost = await losingAnswers(advance);
      expect(await advance()).toMatchObject({ status: 200, body: lost.body });
      expect(await readFile(executions, 'utf8')).toBe('x\n');
    });

    describe('with several executions of it', () => {
      let userId: string;
      let done = 0;
      const digest = Buffer.alloc(32);
      const keys = () => api.app.get(IdempotencyKeysRepository, { strict: false });
      const claimOf = (key: string): Claim => ({ userId, key, execution: v4() });
      const work = (tx: EntityManager) => once(tx, 'work', () => Promise.resolve((done += 1)));
      const executeAs = (claim: Claim) =>
        new Execution(claim).run(() => api.database.dataSource.transaction(work));

      beforeAll(async () => {
        const [user] = await query('SELECT id FROM users LIMIT 1');
        userId = user?.id ?? '';
      });

      it('does again only what the one that gave up had not done', async () => {
        const [first, second] = [claimOf('given up'), claimOf('given up')];
        await keys().claim(first, digest);
        const outcome = await executeAs(first);
        await keys().release(first);
        expect(await keys().claim(second, digest)).toBe(true);
        expect(await executeAs(second)).toBe(outcome);
      });

      it('changes nothing by one whose key was taken over', async () => {
        const [first, second] = [claimOf('taken over'), claimOf('taken over')];
        await keys().claim(first, digest);
        await letLocksRunOut();
        await keys().claim(second, digest);
        const before = done;
        await expect(executeAs(first)).rejects.toMatchObject({ code: 'idempotency_in_progress' });
        expect(done).toBe(before);
        expect(await executeAs(second)).toBe(before + 1);
      });

      it('is not taken over by another request', async () => {
        const first = claimOf('another');
        await keys().claim(first, digest);
        await keys().release(first);
        expect(await keys().claim(claimOf('another'), Buffer.alloc(32, 1))).toBe(false);
      });
    });
  });

  it.each(['', 'x'.repeat(256), 'tab\tbed'])('refuses the key %p', async (key) => {
    const answer = await create(key);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
  });
});
