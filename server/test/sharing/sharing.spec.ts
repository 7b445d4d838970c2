import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { RunEventsDto } from '../../src/live/dto/run-event.dto.js';
import type { InboxDto } from '../../src/runs/dto/bulk.dto.js';
import type { RunListDto } from '../../src/runs/dto/run-summary.dto.js';
import type {
  CommentDto,
  CommentsDto,
  PeopleDto,
  ShareDto,
  SharesDto,
} from '../../src/sharing/sharing.dto.js';
import { SseClient } from '../live/sse-client.js';
import { artifactsOf, commands, createRun, detail, next, publish } from '../runs/run-steps.js';
import { type ApiClient, signIn } from '../support/api-client.js';
import { eventually } from '../support/until.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';

describe('sharing', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'shared', [
      ...commands({ plan: 'echo hi > "$ORCHESTRATOR_ARTIFACTS/plan.md"' }),
      { name: 'design', steps: [{ id: 'signoff', approval: { self_approval: false } }] },
      ...commands({ build: 'true' }),
    ]);
    await publish(api.admin, 'delivered', [
      { name: 'scan', steps: [{ id: 'do', worker: { labels: ['gpu'] } }] },
    ]);
  });
  afterAll(() => api.stop());

  let id: string;
  beforeEach(async () => {
    id = await createRun(api.member, 'shared');
  });

  const share = (email: string | null, role: string, client: ApiClient = api.member) =>
    client.putJson<ShareDto>(`/runs/${id}/shares`, { email, role });
  const say = (client: ApiClient, body: object) => client.post<CommentDto>(`/runs/${id}/comments`, body);
  const comments = async (client: ApiClient = api.member) =>
    (await client.get<CommentsDto>(`/runs/${id}/comments`)).body.comments;
  const eventTypes = async (): Promise<string[]> =>
    (await api.member.get<RunEventsDto>(`/runs/${id}/events`)).body.events.map(({ type }) => type);

  describe('a run that is shared', () => {
    it('is seen by whom it is shared with, and by nobody else', async () => {
      expect((await api.otherMember.get(`/runs/${id}`)).status).toBe(404);
      expect(await share(emailOf('other-member').toUpperCase(), 'viewer')).toMatchObject({
        status: 200,
        body: { person: { name: 'other-member' }, role: 'viewer' },
      });
      expect(await detail(api.otherMember, id)).toMatchObject({ access: 'view' });
      expect((await api.viewer.get(`/runs/${id}`)).status).toBe(404);
      const listed = async (client: ApiClient, query: string): Promise<string[]> =>
        (await client.get<RunListDto>(`/runs?${query}`)).body.runs.map((run) => run.run_id);
      expect(await listed(api.otherMember, 'shared=true')).toEqual([id]);
      expect(await listed(api.otherMember, 'shared=false')).not.toContain(id);
      expect(await listed(api.member, 'shared=true')).toEqual([]);
      expect(await eventTypes()).toEqual(['run.created', 'run.shared']);
    });

    it('can be looked at and decided on by a viewer, and operated by an editor, but not be put away', async () => {
      await next(api.member, id);
      await next(api.member, id);
      await share(emailOf('other-member'), 'viewer');
      expect(await api.otherMember.post(`/runs/${id}/pause`)).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('shared with you to look at') },
      });
      const inbox = await api.otherMember.get<InboxDto>('/approvals');
      expect(inbox.body.items).toMatchObject([{ run_id: id, kind: 'approval', may_act: true }]);
      expect((await api.otherMember.post(`/runs/${id}/phases/design/approve`)).status).toBe(200);
      await share(emailOf('other-member'), 'editor');
      expect((await detail(api.otherMember, id)).access).toBe('edit');
      expect((await api.otherMember.post(`/runs/${id}/cancel`)).status).toBe(200);
      expect((await api.otherMember.delete(`/runs/${id}`)).status).toBe(403);
      const bulk = await api.otherMember.post('/runs/bulk', { action: 'archive', run_ids: [id] });
      expect(bulk.body).toMatchObject({ results: [{ ok: false, code: 'forbidden' }] });
      expect((await share(emailOf('viewer'), 'viewer', api.otherMember)).status).toBe(403);
    });

    it('asks nobody to deliver a step who may only look at it', async () => {
      id = await createRun(api.member, 'delivered');
      await next(api.member, id, {}, { Prefer: 'respond-async' });
      const asked = async () =>
        (await api.otherMember.get<InboxDto>('/approvals')).body.items.find(({ run_id }) => run_id === id);
      await share(emailOf('other-member'), 'viewer');
      const reason = expect.stringContaining('shared with you to look at');
      expect(await asked()).toMatchObject({ kind: 'worker', may_act: false, reason });
      await share(emailOf('other-member'), 'editor');
      expect(await asked()).toMatchObject({ may_act: true, reason: null });
      expect((await api.otherMember.post(`/runs/${id}/phases/scan/steps/do/complete`)).status).toBe(200);
    });

    it('with everybody is seen by everybody who is signed in, until it is no more', async () => {
      const { body } = await share(null, 'viewer');
      expect(body.person).toBeNull();
      expect((await api.viewer.get(`/runs/${id}`)).status).toBe(200);
      expect((await api.nobody.get(`/runs/${id}`)).status).toBe(401);
      expect((await share(null, 'editor')).body.share_id).toBe(body.share_id);
      // The share lets a viewer edit, their role does not.
      expect((await api.viewer.post(`/runs/${id}/pause`)).status).toBe(403);
      expect((await api.member.get<SharesDto>(`/runs/${id}/shares`)).body.shares).toHaveLength(1);
      expect((await api.member.delete(`/runs/${id}/shares/${body.share_id}`)).status).toBe(204);
      expect((await api.member.delete(`/runs/${id}/shares/${body.share_id}`)).status).toBe(404);
      expect((await api.viewer.get(`/runs/${id}`)).status).toBe(404);
    });

    it.each([
      [{ email: 'nobody@example.org', role: 'viewer' }],
      [{ email: emailOf('member'), role: 'viewer' }],
      [{ email: emailOf('viewer'), role: 'owner' }],
      [{ role: 'viewer' }],
      [{ role: 'viewer', owner: 'me' }],
    ])('is not shared as %j', async (body) => {
      expect((await api.member.putJson(`/runs/${id}/shares`, body)).status).toBe(400);
    });

    it('finds people by the beginning of their name or address, and takes % and _ as they are', async () => {
      const find = async (q: string): Promise<string[]> =>
        (await api.viewer.get<PeopleDto>(`/people?q=${encodeURIComponent(q)}`)).body.people.map(
          ({ name }) => name,
        );
      expect(await find('OTHER')).toEqual(['other-member']);
      expect(await find('member@')).toEqual(['member']);
      expect(await find('%')).toEqual([]);
    });
  });

  describe('what streams or waits already', () => {
    /** Somebody of their own, by an API key. */
    async function person(name: string, role: string) {
      const user = { email: emailOf(name), name, role, password: PASSWORD };
      const { body } = await api.admin.post<{ user_id: string }>('/users', user);
      const client = await signIn(api.url, user.email, PASSWORD);
      const made = await client.post<{ api_key_id: string; key: string }>('/api-keys', { name });
      return { userId: body.user_id, keyId: made.body.api_key_id, client, key: made.body.key };
    }
    const stream = (path: string, key: string) => SseClient.open(api.url + path, { 'X-API-Key': key });
    const typesIn = (client: SseClient): string[] =>
      client.messages.map(({ data }) => (data as { type: string }).type);

    it('of a run brings nothing more once the run is shared no longer', async () => {
      const guest = await person('guest', 'member');
      const { body } = await share(emailOf('guest'), 'viewer');
      const [events, logs] = [
        await stream(`/runs/${id}/events`, guest.key),
        await stream(`/runs/${id}/logs`, guest.key),
      ];
      await events.waitFor(2);
      await api.member.delete(`/runs/${id}/shares/${body.share_id}`);
      await next(api.member, id);
      await Promise.all([events.ended(), logs.ended()]);
      expect(typesIn(events)).toEqual(['run.created', 'run.shared']);
      expect(logs.messages).toEqual([]);
    });

    it.each([
      [
        'revoked key',
        (who: Awaited<ReturnType<typeof person>>) => who.client.delete(`/api-keys/${who.keyId}`),
      ],
      [
        'disabled account',
        (who: Awaited<ReturnType<typeof person>>) =>
          api.admin.patch(`/users/${who.userId}`, { disabled: true }),
      ],
    ])('with a %s ends before the next event', async (name, end) => {
      const guest = await person(name.replaceAll(' ', '-'), 'member');
      await share(null, 'viewer');
      const [one, all] = [await stream(`/runs/${id}/events`, guest.key), await stream('/events', guest.key)];
      await one.waitFor(2);
      await end(guest);
      await say(api.member, { body: 'Between us.' });
      await Promise.all([one.ended(), all.ended()]);
      expect([...typesIn(one), ...typesIn(all)]).not.toContain('comment.added');
    });

    it('for a step is given none with a key that was revoked meanwhile', async () => {
      const worker = await person('worker', 'member');
      await publish(api.admin, 'outside', [{ name: 'only', steps: [{ id: 'do', worker: {} }] }]);
      const waiting = api.member.raw('/worker/claim', {
        method: 'POST',
        headers: { Authorization: `Bearer ${worker.key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'held', labels: [], wait_seconds: 30 }),
      });
      await eventually(
        () => api.member.get<{ workers: { name: string | null }[] }>('/workers'),
        ({ body }) => body.workers.some(({ name }) => name === 'held'),
      );
      await worker.client.delete(`/api-keys/${worker.keyId}`);
      const run = await createRun(worker.client, 'outside');
      await next(worker.client, run, {}, { Prefer: 'respond-async' });
      expect((await waiting).status).toBe(204);
      expect(await detail(worker.client, run)).toMatchObject({ waiting_on: { kind: 'worker' } });
    });

    it('of all runs brings an administrator who is one no more only what they still see', async () => {
      const former = await person('former', 'admin');
      const all = await stream('/events', former.key);
      await say(api.member, { body: 'Before.' });
      await eventually(
        () => Promise.resolve(typesIn(all)),
        (types) => types.includes('comment.added'),
      );
      await api.admin.patch(`/users/${former.userId}`, { role: 'viewer' });
      const before = all.messages.length;
      await say(api.member, { body: 'After.' });
      id = await createRun(api.member, 'shared');
      await share(emailOf('former'), 'viewer');
      await eventually(
        () => Promise.resolve(typesIn(all)),
        (types) => types.includes('run.shared'),
      );
      expect(typesIn(all).slice(before)).not.toContain('comment.added');
      await all.close();
    });
  });

  describe('comments', () => {
    it('are made, answered, edited and taken away, each by who wrote it', async () => {
      await share(emailOf('viewer'), 'viewer');
      const first = await say(api.member, { body: 'Is **this** right?' });
      expect(first).toMatchObject({
        status: 201,
        body: { author: { name: 'member' }, body: 'Is **this** right?' },
      });
      const answer = await say(api.viewer, { body: 'Yes.', parent_id: first.body.comment_id });
      const deeper = await say(api.member, { body: 'Thanks.', parent_id: answer.body.comment_id });
      expect(deeper.body.parent_id).toBe(first.body.comment_id);
      const path = `/runs/${id}/comments/${answer.body.comment_id}`;
      expect((await api.member.patch(path, { body: 'No.' })).status).toBe(403);
      expect((await api.member.delete(path)).status).toBe(403);
      expect(await api.viewer.patch(path, { body: 'Yes!' })).toMatchObject({
        status: 200,
        body: { body: 'Yes!', edited_at: expect.any(String) },
      });
      expect((await api.admin.delete(path)).status).toBe(204);
      expect((await api.viewer.patch(path, { body: 'Back.' })).status).toBe(404);
      expect((await comments()).map(({ body }) => body)).toEqual(['Is **this** right?', null, 'Thanks.']);
      expect((await eventTypes()).filter((type) => type.startsWith('comment'))).toEqual([
        'comment.added',
        'comment.added',
        'comment.added',
        'comment.edited',
        'comment.deleted',
      ]);
      await assertHealthy(api.database.dataSource);
    });

    it('mention only people who see the run, who find them', async () => {
      const text = `@${emailOf('other-member')} and @${emailOf('viewer')}, look.`;
      await share(emailOf('other-member'), 'viewer');
      const { body } = await say(api.member, { body: text });
      expect(body.mentions.map(({ name }) => name)).toEqual(['other-member']);
      const mentions = async (client: ApiClient): Promise<string[]> =>
        (await client.get<CommentsDto>('/mentions')).body.comments.map(({ comment_id: found }) => found);
      expect(await mentions(api.otherMember)).toEqual([body.comment_id]);
      expect(await mentions(api.viewer)).toEqual([]);
      const [shown] = (await api.member.get<SharesDto>(`/runs/${id}/shares`)).body.shares;
      await api.member.delete(`/runs/${id}/shares/${String(shown?.share_id)}`);
      expect(await mentions(api.otherMember)).toEqual([]);
    });

    it('may be about an artifact of the run, and are made also on a run that is over', async () => {
      await next(api.member, id);
      await api.member.post(`/runs/${id}/cancel`);
      const [artifact] = await artifactsOf(api.member, id, 'plan');
      const made = await say(api.member, { body: 'Nice.', artifact_id: artifact?.artifact_id });
      expect(made).toMatchObject({ status: 201, body: { artifact_id: artifact?.artifact_id } });
      const reply = { body: 'Thanks.', parent_id: made.body.comment_id };
      expect((await say(api.member, reply)).body.artifact_id).toBe(artifact?.artifact_id);
      const other = await createRun(api.member, 'shared');
      const foreign = { body: 'x', artifact_id: artifact?.artifact_id };
      expect((await api.member.post(`/runs/${other}/comments`, foreign)).status).toBe(400);
      const answer = { body: 'x', parent_id: made.body.comment_id };
      expect((await api.member.post(`/runs/${other}/comments`, answer)).status).toBe(400);
      expect((await api.member.get(`/runs/${other}/comments`)).body).toEqual({ comments: [] });
    });

    it('show the newest where there are more than 1000', async () => {
      const { body } = await say(api.member, { body: 'Newest.' });
      await api.database.dataSource.query(
        `INSERT INTO run_comments (id, run_id, author_id, body, mentions, created_at)
         SELECT ('0199d1f5-3f1e-7c1e-9d0a-' || lpad(n::text, 12, '0'))::uuid, run_id, author_id, 'Older.', '{}', created_at
         FROM run_comments, generate_series(1, 1000) AS n WHERE id = $1`,
        [body.comment_id],
      );
      const shown = await comments();
      expect([shown.length, shown.at(-1)?.body]).toEqual([1000, 'Newest.']);
    });

    it('that is taken away while somebody edits it stays away', async () => {
      const { body } = await say(api.member, { body: 'Draft.' });
      const path = `/runs/${id}/comments/${body.comment_id}`;
      const edits = Array.from({ length: 4 }, (_, n) =>
        api.member.patch(path, { body: `Edit ${String(n)}.` }),
      );
      const gone = await api.member.delete(path);
      await Promise.all(edits);
      expect(gone.status).toBe(204);
      expect((await comments()).map((comment) => comment.body)).toEqual([null]);
    });

    it.each([[{ body: '' }], [{ body: 'x'.repeat(20_001) }], [{ body: 'x', author_id: 'me' }], [{}]])(
      'are refused: %#',
      async (body) => {
        expect((await say(api.member, body)).status).toBe(400);
      },
    );

    it('are not found by who does not see the run', async () => {
      const { body } = await say(api.member, { body: 'Secret.' });
      expect((await api.otherMember.get(`/runs/${id}/comments`)).status).toBe(404);
      expect((await say(api.otherMember, { body: 'x' })).status).toBe(404);
      expect((await api.otherMember.delete(`/runs/${id}/comments/${body.comment_id}`)).status).toBe(404);
    });
  });
});
