import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PhaseAttemptsDto } from '../../src/runs/dto/phase-attempt.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, next, phaseOf, publish } from './run-steps.js';

describe('the attempts of a phase', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'failing', commands({ plan: 'true', build: 'exit 3', ship: 'true' }));
    await publish(api.admin, 'reviewed', [
      {
        name: 'design',
        steps: [
          { id: 'draft', command: 'true' },
          { id: 'signoff', needs: ['draft'], approval: { self_approval: true } },
        ],
      },
    ]);
  });
  afterAll(() => api.stop());

  const attempts = async (id: string, phase: string, client: ApiClient = api.member) =>
    client.get<PhaseAttemptsDto>(`/runs/${id}/phases/${phase}/attempts`);

  it('stay readable after a retry and a rollback, which marks them superseded', async () => {
    const id = await createRun(api.member, 'failing');
    await next(api.member, id);
    expect((await attempts(id, 'build')).body.attempts).toEqual([]);
    await next(api.member, id);
    await next(api.member, id);
    const before = (await attempts(id, 'build')).body.attempts;
    expect(before.map(({ attempt }) => attempt)).toEqual([2, 1]);
    for (const attempt of before) {
      expect(attempt).toMatchObject({
        status: 'failed',
        superseded_at: null,
        comment: null,
        steps: [{ step: 'do', status: 'failed', error: { exit_code: 3 } }],
        error: { code: 'exit_code' },
      });
    }
    expect((await api.member.post(`/runs/${id}/rollback`, { phase: 'plan' })).status).toBe(200);
    expect(phaseOf(await detail(api.member, id), 'build').status).toBe('pending');
    const after = (await attempts(id, 'build')).body.attempts;
    expect(after).toEqual(before.map((attempt) => ({ ...attempt, superseded_at: expect.any(String) })));
  });

  it('tell what a reviewer asked for', async () => {
    const id = await createRun(api.member, 'reviewed');
    await next(api.member, id);
    await api.member.post(`/runs/${id}/phases/design/reject`, { comment: 'Name the risks.' });
    const { body } = await attempts(id, 'design');
    expect(body.attempts.map(({ attempt, comment }) => [attempt, comment])).toEqual([
      [2, 'Name the risks.'],
      [1, null],
    ]);
    expect(body.attempts[1]?.approval?.decisions).toMatchObject([{ decision: 'changes_requested' }]);
  });

  it('are not found for an unknown phase, nor by somebody who does not see the run', async () => {
    const id = await createRun(api.member, 'failing');
    expect((await attempts(id, 'nowhere')).status).toBe(404);
    expect((await attempts(id, 'plan', api.otherMember)).status).toBe(404);
  });
});
