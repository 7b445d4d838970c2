import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { InboxDto } from '../../src/runs/dto/bulk.dto.js';
import type { RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  artifactsOf,
  commands,
  contentOf,
  createRun,
  detail,
  next,
  phaseOf,
  publish,
  runUntil,
} from './run-steps.js';

describe('a phase that awaits an approval', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'reviewed', [
      {
        name: 'design',
        steps: [
          {
            id: 'draft',
            agent: 'architect',
            command: 'cp "$ORCHESTRATOR_CONTEXT" "$ORCHESTRATOR_ARTIFACTS/given.json"',
          },
          { id: 'signoff', needs: ['draft'], approval: { role: 'member', self_approval: false } },
        ],
      },
      ...commands({ build: 'true' }),
    ]);
    await publish(api.admin, 'own', [
      { name: 'design', steps: [{ id: 'signoff', approval: { self_approval: true } }] },
      {
        name: 'release',
        steps: [{ id: 'signoff', approval: { role: 'admin', self_approval: true, count: 2 } }],
      },
    ]);
    await publish(api.admin, 'several', [
      {
        name: 'design',
        steps: [
          { id: 'legal', approval: { role: 'admin' } },
          { id: 'team', approval: { count: 2, self_approval: true } },
        ],
      },
    ]);
  });

  afterAll(() => api.stop());

  const approve = (client: TestApp['admin'], id: string, phase = 'design', body: object = {}) =>
    client.post<RunSummaryDto | ProblemDto>(`/runs/${id}/phases/${phase}/approve`, body);
  const awaiting = async (): Promise<string> => {
    const id = await createRun(api.member, 'reviewed');
    // The work is done; what is missing is a decision, which no wait brings about.
    expect(await next(api.member, id)).toMatchObject({ status: 202, body: { message: 'Executing design' } });
    return id;
  };

  it('says what it waits for, and next refuses with approval_required, also to an administrator', async () => {
    const id = await awaiting();
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ status: 'running', waiting_on: { kind: 'approval' } });
    expect(run.waiting_on?.detail).toContain('signoff');
    expect(phaseOf(run, 'design')).toMatchObject({
      status: 'awaiting_approval',
      approval: { step: 'signoff', role: 'member', count: 1, self_approval: false, decisions: [] },
    });
    for (const body of [{}, { skip_validation: true }]) {
      expect(await next(api.admin, id, body)).toMatchObject({
        status: 409,
        body: { code: 'approval_required' },
      });
    }
    expect(phaseOf(await detail(api.member, id), 'design').attempt).toBe(1);
  });

  it('may not be approved by who started the run', async () => {
    const id = await awaiting();
    expect(await approve(api.member, id)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(phaseOf(await detail(api.member, id), 'design').status).toBe('awaiting_approval');
  });

  it('goes on when somebody else approves, with who, when and the comment', async () => {
    const id = await awaiting();
    expect(await approve(api.admin, id, 'design', { comment: 'Looks good.' })).toMatchObject({ status: 200 });
    const run = await runUntil(api.member, id, (seen) => seen.current_phase === 'build');
    expect(phaseOf(run, 'design')).toMatchObject({
      status: 'completed',
      approval: {
        decisions: [{ decision: 'approved', comment: 'Looks good.', at: expect.stringMatching(/Z$/) }],
      },
    });
    expect(run.waiting_on).toMatchObject({ kind: 'advance' });
    expect(await next(api.member, id)).toMatchObject({ status: 200, body: { status: 'completed' } });
  });

  it('starts a new attempt that is given the comment when changes are requested', async () => {
    const id = await awaiting();
    const path = `/runs/${id}/phases/design/reject`;
    const silent = await api.admin.post<ProblemDto>(path, {});
    expect([silent.status, silent.body.errors?.[0]?.pointer]).toEqual([400, '/comment']);
    expect(await api.member.post(path, { comment: 'mine' })).toMatchObject({ status: 403 });
    expect(await api.admin.post(path, { comment: 'Name the risks.' })).toMatchObject({ status: 200 });
    const run = await runUntil(api.member, id, (seen) => {
      const phase = phaseOf(seen, 'design');
      return phase.attempt === 2 && phase.status === 'awaiting_approval';
    });
    expect(phaseOf(run, 'design').approval?.decisions).toEqual([]);
    const [given] = await artifactsOf(api.member, id, 'design');
    const context: unknown = JSON.parse(await contentOf(api.member, id, given?.artifact_id ?? ''));
    expect(context).toMatchObject({ attempt: 2, comment: 'Name the risks.' });
    await approve(api.admin, id);
    await runUntil(api.member, id, (seen) => seen.current_phase === 'build');
  });

  it('may be approved by who started the run where the profile says so', async () => {
    const id = await createRun(api.member, 'own');
    await next(api.member, id);
    expect(await approve(api.member, id)).toMatchObject({ status: 200 });
    await runUntil(api.member, id, (seen) => seen.current_phase === 'release');
  });

  it('needs as many people of the role as the profile says, each once', async () => {
    const id = await createRun(api.member, 'own');
    await next(api.member, id);
    await approve(api.member, id);
    await runUntil(api.member, id, (seen) => seen.current_phase === 'release');
    await next(api.member, id);
    expect(await approve(api.member, id, 'release')).toMatchObject({ status: 403 });
    expect(await approve(api.admin, id, 'release')).toMatchObject({ status: 200 });
    expect(await approve(api.admin, id, 'release')).toMatchObject({
      status: 409,
      body: { code: 'already_decided' },
    });
    expect((await detail(api.member, id)).status).toBe('running');
  });

  it('is refused where nothing is awaited or the caller does not see the run', async () => {
    const id = await createRun(api.member, 'reviewed');
    expect(await approve(api.admin, id)).toMatchObject({
      status: 409,
      body: { code: 'approval_not_awaited' },
    });
    expect(await approve(api.admin, id, 'nonsense')).toMatchObject({ status: expect.any(Number) });
    const waiting = await awaiting();
    expect((await approve(api.otherMember, waiting)).status).toBe(404);
    expect([403, 404]).toContain((await approve(api.viewer, waiting)).status);
  });

  it('of several people at once is decided where the caller may, or where they say', async () => {
    const id = await createRun(api.member, 'several');
    await next(api.member, id);
    const inbox = async (client: TestApp['admin']) =>
      (await client.get<InboxDto>('/approvals')).body.items
        .filter(({ run_id }) => run_id === id)
        .map(({ step, may_act, reason }) => [step, may_act, reason]);
    const role = 'This approval needs the role admin.';
    expect(await inbox(api.member)).toEqual([
      ['legal', false, role],
      ['team', true, null],
    ]);
    expect(await approve(api.member, id, 'design', { step: 'legal' })).toMatchObject({ status: 403 });
    expect(await approve(api.member, id, 'design', { step: 'none' })).toMatchObject({
      status: 409,
      body: { code: 'approval_not_awaited' },
    });
    expect((await approve(api.member, id)).status).toBe(200);
    expect(await inbox(api.member)).toEqual([
      ['legal', false, role],
      ['team', false, expect.stringContaining('You have decided')],
    ]);
    expect((await approve(api.admin, id, 'design', { step: 'team' })).status).toBe(200);
    expect(await inbox(api.admin)).toEqual([['legal', true, null]]);
    expect((await approve(api.admin, id)).status).toBe(200);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });

  it('takes no decision while the run is paused, and keeps those that were given', async () => {
    const id = await createRun(api.member, 'several', { auto_advance: true });
    await runUntil(api.member, id, ({ waiting_on: waiting }) => waiting?.kind === 'approval');
    await approve(api.member, id, 'design', { step: 'team' });
    await api.member.post(`/runs/${id}/pause`);
    expect(await approve(api.admin, id)).toMatchObject({ status: 409, body: { code: 'run_paused' } });
    await api.member.post(`/runs/${id}/resume`);
    await approve(api.admin, id, 'design', { step: 'team' });
    await approve(api.admin, id);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });
});
