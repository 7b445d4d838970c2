import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { ArtifactStore } from '../../src/artifacts/artifact-store.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { RetentionService } from '../../src/retention/retention.service.js';
import { artifactsOf, createRun, detail, next, phaseOf, publish } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const DAY_MS = 24 * 3_600_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

describe('retention', () => {
  let api: TestApp;
  let retention: RetentionService;

  beforeAll(async () => {
    api = await startTestApp({ config: { retention: { archiveDays: 10, purgeDays: 5 } } });
    retention = api.app.get(RetentionService, { strict: false });
    const write = (line: string) => [
      {
        name: 'only',
        steps: [{ id: 'do', command: line, retry: { attempts: 1 }, artifacts: [{ path: 'out.txt' }] }],
      },
    ];
    await publish(api.admin, 'own', write('echo $ORCHESTRATOR_RUN_ID > out.txt'));
    await publish(api.admin, 'same', write('echo the same > out.txt'));
    await publish(api.admin, 'failing', write('exit 3'));
    await publish(api.admin, 'asking', [{ name: 'only', steps: [{ id: 'ask', approval: {} }] }]);
  });

  afterAll(async () => {
    const artifactsFolder = join(api.folder, 'data', 'artifacts');
    await assertHealthy(api.database.dataSource, { artifactsFolder });
    await api.stop();
  });

  async function ended(profile: string): Promise<{ runId: string; sha256: string | null }> {
    const runId = await createRun(api.member, profile);
    await next(api.member, runId);
    const [artifact] = await artifactsOf(api.member, runId, 'only');
    return { runId, sha256: artifact?.sha256 ?? null };
  }
  const status = async (runId: string): Promise<number> => (await api.member.get(`/runs/${runId}`)).status;
  const isArchived = async (runId: string): Promise<boolean> => {
    const rows = await api.database.dataSource.query<{ at: Date | null }[]>(
      'SELECT archived_at AS at FROM runs WHERE id = $1',
      [runId],
    );
    return rows[0]?.at instanceof Date;
  };
  const has = (sha256: string | null) => api.app.get(ArtifactStore, { strict: false }).has(sha256 ?? '');
  const workspaceOf = (runId: string): string => join(api.folder, 'data', 'workspaces', runId);
  const restSince = (runId: string, at: Date) =>
    api.database.dataSource.query('UPDATE runs SET updated_at = $2 WHERE id = $1', [runId, at]);
  const archiveIt = (runId: string, at: Date) =>
    api.database.dataSource.query('UPDATE runs SET archived_at = $2 WHERE id = $1', [runId, at]);

  it('says what is kept how long, and that nothing was removed yet', async () => {
    expect((await api.admin.get('/retention')).body).toEqual({
      ...{ archive_days: 10, purge_days: 5, upload_days: 7, content_days: 1, webhook_delivery_days: 30 },
      ...{ every_seconds: 3600, last_round: null },
    });
    expect((await api.member.get('/retention')).status).toBe(403);
  });

  it('forgets what was delivered to webhooks long ago, not what is still due, and says how much it removed', async () => {
    const hook = { name: 'old', url: 'https://example.org/', event_types: ['run.created'], active: false };
    const { body } = await api.member.post<{ webhook_id: string }>('/webhooks', hook);
    await api.database.dataSource.query(
      `INSERT INTO webhook_deliveries (id, webhook_id, type, status, tries, tries_left, next_try_at, created_at, ended_at)
       SELECT gen_random_uuid(), $1, 'webhook.test', CASE WHEN ended THEN 'failed' ELSE 'pending' END, 1, 0,
         CASE WHEN ended THEN NULL ELSE now() + interval '1 day' END, now() - interval '40 days',
         CASE WHEN ended THEN now() - age END
       FROM (VALUES (true, interval '31 days'), (true, interval '29 days'), (false, interval '0')) AS d(ended, age)`,
      [body.webhook_id],
    );
    await retention.round();
    const list = await api.member.get<{ deliveries: { status: string }[] }>(
      `/webhooks/${body.webhook_id}/deliveries`,
    );
    expect(list.body.deliveries.map(({ status: found }) => found).sort()).toEqual(['failed', 'pending']);
    const { body: shown } = await api.admin.get<{ last_round: object }>('/retention');
    expect(shown.last_round).toMatchObject({
      runs_archived: 0,
      runs_erased: 0,
      webhook_deliveries_removed: 1,
    });
    expect((await api.member.delete(`/webhooks/${body.webhook_id}`)).status).toBe(204);
  });

  it('archives what has ended once it is older than the policy, and nothing that may go on', async () => {
    const done = await ended('own');
    const failed = await ended('failing');
    const asking = (await ended('asking')).runId;
    const younger = await ended('own');
    for (const { runId } of [done, failed, { runId: asking }]) await restSince(runId, inDays(-11));
    await restSince(younger.runId, inDays(-9));
    await retention.round();
    expect([await isArchived(done.runId), await isArchived(younger.runId)]).toEqual([true, false]);
    expect(await isArchived(failed.runId)).toBe(true);
    expect(await isArchived(asking)).toBe(false);
    expect(phaseOf(await detail(api.member, done.runId), 'only').status).toBe('completed');
    await access(workspaceOf(done.runId));
  });

  it('erases what was archived long enough, with its workspace, and then the contents that nothing uses', async () => {
    const erased = await ended('own');
    const kept = await ended('own');
    await archiveIt(erased.runId, inDays(-6));
    await archiveIt(kept.runId, inDays(-2));
    await retention.round();
    expect([await status(erased.runId), await status(kept.runId)]).toEqual([404, 200]);
    await expect(access(workspaceOf(erased.runId))).rejects.toMatchObject({ code: 'ENOENT' });
    await access(workspaceOf(kept.runId));
    expect(await has(erased.sha256)).toBe(true);
    await forget([erased.sha256], 2);
    expect([await has(erased.sha256), await has(kept.sha256)]).toEqual([false, true]);
    expect(await readdir(join(api.folder, 'data', 'artifacts', 'incoming'))).toEqual([]);
  });

  /** Collects as in so many days, but erases nothing: those runs are not archived. */
  async function forget(digests: readonly (string | null)[], days: number): Promise<void> {
    await retention.round(inDays(days));
    const rows = await api.database.dataSource.query('SELECT sha256 FROM blobs WHERE sha256 = ANY($1)', [
      digests,
    ]);
    expect(rows).toEqual([]);
  }

  it('keeps a content that another run refers to, and one that was delivered again since', async () => {
    const one = await ended('same');
    const two = await ended('same');
    await archiveIt(one.runId, inDays(-6));
    await retention.round(inDays(2));
    expect([await status(one.runId), await has(two.sha256)]).toEqual([404, true]);
    await archiveIt(two.runId, inDays(-6));
    await retention.round();
    await api.database.dataSource.query(
      `UPDATE blobs SET created_at = now() - interval '3 days' WHERE sha256 = $1`,
      [two.sha256],
    );
    const three = await ended('same');
    expect(three.sha256).toBe(two.sha256);
    await retention.round();
    expect(await has(three.sha256)).toBe(true);
  });

  it('leaves the work to the one process that is at it', async () => {
    const { runId } = await ended('own');
    await archiveIt(runId, inDays(-6));
    const other = new Client({ connectionString: api.database.url });
    await other.connect();
    try {
      await other.query('SELECT pg_advisory_lock(7270031)');
      await retention.round();
      expect(await status(runId)).toBe(200);
    } finally {
      await other.end();
    }
    await Promise.all([retention.round(), retention.round(), retention.round()]);
    await retention.round();
    expect(await status(runId)).toBe(404);
  });
});
