import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomInt, randomUUID } from 'node:crypto';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { ClaimAnswerDto } from '../../src/execution/remote/worker-answers.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunListDto } from '../../src/runs/dto/run-summary.dto.js';
import { createRun, detail, publish } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

const RUNS = 6;
const ACTORS = 6;
const REQUESTS = 20;
/** Printed with a failure, to play the same requests again. */
const seed = randomInt(2 ** 31);

const async = { Prefer: 'respond-async' };
type Request = (api: TestApp, runId: string) => Promise<{ readonly status: number }>;

const REQUESTS_OF_PEOPLE: Readonly<Record<string, Request>> = {
  next: ({ member }, id) => member.post(`/runs/${id}/next`, {}, async),
  waive: ({ admin }, id) => admin.post(`/runs/${id}/next`, { skip_validation: true }, async),
  pause: ({ member }, id) => member.post(`/runs/${id}/pause`),
  resume: ({ member }, id) => member.post(`/runs/${id}/resume`),
  skip: ({ member }, id) => member.post(`/runs/${id}/phases/check/skip`, {}),
  rollback: ({ member }, id) => member.post(`/runs/${id}/rollback`, { phase: 'build' }),
  approve: ({ admin }, id) => admin.post(`/runs/${id}/phases/check/approve`, {}),
  reject: ({ admin }, id) => admin.post(`/runs/${id}/phases/check/reject`, { comment: 'Again.' }),
  complete: ({ member }, id) => member.post(`/runs/${id}/phases/build/steps/by_hand/complete`, {}),
  retry: ({ member }, id) => member.post(`/runs/${id}/phases/build/retry`, {}),
  retry_from: ({ member }, id) => member.post(`/runs/${id}/phases/build/retry`, { from_step: 'flaky' }),
  replace_made: ({ member }, id) => upload(member, id, 'build', 'made.txt'),
  replace_asked: ({ member }, id) => upload(member, id, 'check', 'note.txt'),
  work: (api) => work(api.admin),
};

const upload = (client: ApiClient, id: string, phase: string, path: string): Promise<Response> =>
  client.raw(`/runs/${id}/artifacts?phase=${phase}&path=${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: randomUUID(),
  });

/** A worker of somebody else: claims what waits, and delivers it. */
async function work(client: ApiClient): Promise<{ readonly status: number }> {
  const body = { name: 'w', wait_seconds: 0 };
  const claimed = await client.post<Pick<ClaimAnswerDto, 'step' | 'lease'> | null>('/worker/claim', body);
  if (claimed.status !== 200 || claimed.body === null) return claimed;
  const { step, lease } = claimed.body;
  return client.post(`/worker/steps/${step.id}/complete`, { lease_token: lease.token });
}

describe('many people and workers at once', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK });
    const retry = { attempts: 2, backoff: '1s' };
    await publish(api.admin, 'busy', [
      {
        name: 'build',
        steps: [
          { id: 'quick', command: 'echo made > made.txt', artifacts: [{ path: 'made.txt' }] },
          { id: 'flaky', command: 'test $(( $(date +%N) % 3 )) -gt 0 || exit 75', retry },
          { id: 'by_hand', worker: {} },
        ],
        gates: [{ id: 'made', artifact: 'made.txt' }],
      },
      {
        name: 'check',
        optional: true,
        steps: [
          { id: 'ask', approval: { self_approval: true } },
          { id: 'look', worker: {} },
        ],
      },
      {
        name: 'ship',
        steps: [{ id: 'ship', command: 'true' }],
        gates: [{ id: 'never', metric: 'none', min: 1 }],
      },
    ]);
  });

  afterAll(() => api.stop());

  it('leave no run in which a promise is broken, and list and detail never disagree', async () => {
    const runs = await Promise.all(
      Array.from({ length: RUNS }, (_, i) => createRun(api.member, 'busy', { auto_advance: i % 2 === 0 })),
    );
    let over = false;
    const acting = Array.from({ length: ACTORS }, (_, actor) => act(runs, seed + actor));
    const [compared, statuses] = await Promise.all([
      compareWhile(runs, () => !over),
      Promise.all(acting).finally(() => (over = true)),
    ]);
    expect(compared).toBeGreaterThan(0);
    expect({ seed, wrong: statuses.flat().filter(({ status }) => status >= 500 || status === 400) }).toEqual({
      seed,
      wrong: [],
    });
    // Some of each kind were done, so that this has tried what it says.
    expect(statuses.flat().filter(({ status }) => status < 300).length).toBeGreaterThan(ACTORS);
    await assertHealthy(api.database.dataSource);
    for (const runId of runs) await finish(runId);
    await assertHealthy(api.database.dataSource);
  }, 240_000);

  async function act(runs: readonly string[], from: number): Promise<{ name: string; status: number }[]> {
    const chosen = fc.sample(
      fc.tuple(fc.constantFrom(...Object.keys(REQUESTS_OF_PEOPLE)), fc.nat(RUNS - 1)),
      {
        seed: from,
        numRuns: REQUESTS,
      },
    );
    const answers: { name: string; status: number }[] = [];
    for (const [name, which] of chosen) {
      const answer = await REQUESTS_OF_PEOPLE[name]?.(api, runs[which] ?? '');
      answers.push({ name, status: answer?.status ?? 0 });
    }
    return answers;
  }

  /** The list is asked between two looks at a run: where these two are the same, the list must be too. */
  async function compareWhile(runs: readonly string[], goOn: () => boolean): Promise<number> {
    let compared = 0;
    for (let turn = 0; goOn() || compared === 0; turn += 1) {
      const runId = runs[turn % runs.length] ?? '';
      const before = await detail(api.member, runId);
      const { body } = await api.member.get<RunListDto>('/runs?limit=50');
      const after = await detail(api.member, runId);
      if (JSON.stringify(before) !== JSON.stringify(after)) continue;
      compared += 1;
      const row = body.runs.find((candidate) => candidate.run_id === runId);
      const shown = Object.fromEntries(
        Object.keys(row ?? {}).map((key) => [key, before[key as keyof RunDetailDto]]),
      );
      expect(row).toEqual(shown);
    }
    return compared;
  }

  /** Leads a run to its end, which each can reach wherever chance has left it. */
  async function finish(runId: string): Promise<void> {
    const done = await eventually(
      async () => {
        const run = await detail(api.member, runId);
        if (run.status === 'paused') await REQUESTS_OF_PEOPLE['resume']?.(api, runId);
        const kind = run.waiting_on?.kind;
        if (kind === 'advance') await REQUESTS_OF_PEOPLE['waive']?.(api, runId);
        if (kind === 'worker') await work(api.admin);
        if (kind === 'approval') await REQUESTS_OF_PEOPLE['approve']?.(api, runId);
        return run;
      },
      ({ status }) => status === 'completed',
    );
    expect(done.phases.map(({ status }) => status)).not.toContain('in_progress');
  }
});
