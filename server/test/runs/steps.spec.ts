import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
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

const BETA = {
  parameters: {
    type: 'object',
    properties: { channel: { type: 'string', default: 'stable' } },
    additionalProperties: false,
  },
};

describe('the steps of a run', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
  });

  afterAll(() => api.stop());

  /** The content of the only artifact of a phase. */
  async function onlyArtifact(id: string, phase: string): Promise<string> {
    const [artifact, ...others] = await artifactsOf(api.member, id, phase);
    expect(others).toEqual([]);
    return contentOf(api.member, id, artifact?.artifact_id ?? '');
  }

  it("are given the intake's words as they are", async () => {
    await publish(
      api.admin,
      'intake',
      commands({ read: 'cp "$ORCHESTRATOR_INTAKE" "$ORCHESTRATOR_ARTIFACTS/a.txt"' }),
    );
    const intake = 'Härte den Dienst 🚀\n$(touch /tmp/never) `id` "quoted" שלום\r\n';
    const id = await createRun(api.member, 'intake', { intake });
    await next(api.member, id);
    expect(await onlyArtifact(id, 'read')).toBe(intake);
  });

  it('are told who and where they are, and what the phases before delivered', async () => {
    await publish(
      api.admin,
      'context',
      [
        {
          name: 'plan',
          steps: [
            {
              id: 'write',
              agent: 'architect',
              command: 'echo "The plan" > PRD.md; echo kept > left-in-workspace.txt',
              artifacts: [{ path: 'PRD.md', type: 'prd', required: true }],
            },
          ],
        },
        {
          name: 'build',
          steps: [
            {
              id: 'read',
              agent: 'developer',
              command: [
                'cp "$ORCHESTRATOR_CONTEXT" "$ORCHESTRATOR_ARTIFACTS/context.json"',
                `file=$(sed -n 's/.*"file": "\\(.*PRD.md\\)".*/\\1/p' "$ORCHESTRATOR_CONTEXT")`,
                'cp "$file" "$ORCHESTRATOR_ARTIFACTS/seen.md"',
                'cp left-in-workspace.txt "$ORCHESTRATOR_ARTIFACTS/"',
                'echo "$ORCHESTRATOR_RUN_ID $ORCHESTRATOR_PHASE $ORCHESTRATOR_STEP $ORCHESTRATOR_ATTEMPT" > "$ORCHESTRATOR_ARTIFACTS/who.txt"',
              ].join('\n'),
            },
          ],
        },
      ],
      BETA,
    );
    const id = await createRun(api.member, 'context', {
      project_name: 'demo',
      parameters: { channel: 'beta' },
    });
    await next(api.member, id);
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    const content: Record<string, string> = {};
    for (const { path, artifact_id } of await artifactsOf(api.member, id, 'build')) {
      content[path] = await contentOf(api.member, id, artifact_id);
    }
    expect(content).toMatchObject({
      'seen.md': 'The plan\n',
      'left-in-workspace.txt': 'kept\n',
      'who.txt': `${id} build read 1\n`,
    });
    expect(JSON.parse(content['context.json'] ?? '')).toEqual({
      run: { id, project_name: 'demo' },
      phase: 'build',
      attempt: 1,
      step: 'read',
      try: 1,
      parameters: { channel: 'beta' },
      comment: null,
      artifacts: [
        {
          phase: 'plan',
          path: 'PRD.md',
          type: 'prd',
          size_bytes: 9,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          file: expect.stringMatching(/PRD\.md$/),
        },
      ],
    });
  });

  it('see nothing of the environment of the server', async () => {
    await publish(api.admin, 'environment', commands({ look: 'env > "$ORCHESTRATOR_ARTIFACTS/env.txt"' }));
    const id = await createRun(api.member, 'environment');
    await next(api.member, id);
    const environment = await onlyArtifact(id, 'look');
    expect(environment).toContain(`ORCHESTRATOR_RUN_ID=${id}`);
    expect(environment).not.toMatch(/postgres|JEST|SECRET|PASSWORD|npm_/);
  });

  it('run in parallel where they do not need each other, and those that need both see what both left', async () => {
    const file = (name: string): string => join(api.folder, name);
    const meet = (mine: string, other: string): string =>
      `touch ${file(mine)}; while [ ! -e ${file(other)} ]; do sleep 0.05; done; echo ${mine} > ${mine}.txt`;
    await publish(api.admin, 'parallel', [
      {
        name: 'meet',
        steps: [
          { id: 'left', command: meet('left', 'right'), timeout: '30s', retry: { attempts: 1 } },
          { id: 'right', command: meet('right', 'left'), timeout: '30s', retry: { attempts: 1 } },
          {
            id: 'both',
            needs: ['left', 'right'],
            command: 'cat left.txt right.txt > "$ORCHESTRATOR_ARTIFACTS/both.txt"',
          },
        ],
      },
    ]);
    const id = await createRun(api.member, 'parallel');
    expect(await next(api.member, id)).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect(await onlyArtifact(id, 'meet')).toBe('left\nright\n');
    const steps = phaseOf(await detail(api.member, id), 'meet').steps;
    const ended = (step: string): number =>
      Date.parse(steps.find((info) => info.step === step)?.completed_at ?? '');
    const started = Date.parse(steps.find((info) => info.step === 'both')?.started_at ?? '');
    expect(started).toBeGreaterThanOrEqual(Math.max(ended('left'), ended('right')));
  });

  it('that follow a failed one are cancelled, and the others stay as they are', async () => {
    await publish(api.admin, 'breaking', [
      {
        name: 'build',
        steps: [
          { id: 'good', command: 'true' },
          { id: 'bad', needs: ['good'], command: 'exit 9', retry: { attempts: 1 } },
          { id: 'later', needs: ['bad'], command: 'true' },
        ],
      },
    ]);
    const id = await createRun(api.member, 'breaking');
    expect(await next(api.member, id)).toMatchObject({ status: 409 });
    const steps = phaseOf(await detail(api.member, id), 'build').steps;
    expect(steps.map((step) => step.status)).toEqual(['succeeded', 'failed', 'cancelled']);
  });

  it('start from the last checkpoint in a new attempt, without what a failed one had left', async () => {
    const gate = join(api.folder, 'second-time');
    await publish(api.admin, 'clean', [
      ...commands({ plan: 'echo one > one.txt' }),
      {
        name: 'build',
        steps: [
          {
            id: 'do',
            command: `ls > "$ORCHESTRATOR_ARTIFACTS/seen.txt"; echo half > half.txt; test -e ${gate} || { touch ${gate}; exit 1; }`,
            retry: { attempts: 1 },
          },
        ],
      },
    ]);
    const id = await createRun(api.member, 'clean');
    await next(api.member, id);
    expect(await next(api.member, id)).toMatchObject({ status: 409 });
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    expect(await onlyArtifact(id, 'build')).toBe('one.txt\n');
  });

  it('are skipped where their condition does not hold, and phases likewise', async () => {
    await publish(
      api.admin,
      'conditional',
      [
        {
          name: 'stable_only',
          when: "parameters.channel == 'stable'",
          steps: [{ id: 'do', command: 'true' }],
        },
        {
          name: 'always',
          steps: [
            { id: 'maybe', when: "parameters.channel == 'stable'", command: 'exit 1' },
            { id: 'then', needs: ['maybe'], command: 'true' },
          ],
        },
        { name: 'last', when: "parameters.channel == 'stable'", steps: [{ id: 'do', command: 'true' }] },
      ],
      BETA,
    );
    const id = await createRun(api.member, 'conditional', { parameters: { channel: 'beta' } });
    expect(await next(api.member, id)).toMatchObject({ status: 200, body: { status: 'completed' } });
    const run = await detail(api.member, id);
    expect(run.phases.map((phase) => phase.status)).toEqual(['skipped', 'completed', 'skipped']);
    expect(phaseOf(run, 'always').steps.map((step) => step.status)).toEqual(['skipped', 'succeeded']);
    expect(run).toMatchObject({ progress: { phases_done: 3 }, waiting_on: null });
    const other = await createRun(api.member, 'conditional', { auto_advance: true });
    const failed = await runUntil(api.member, other, (seen) => seen.status === 'failed');
    expect(failed.phases.map((phase) => phase.status)).toEqual(['completed', 'failed', 'pending']);
  });

  it('of an optional phase are skipped by a person who says why, and of others not', async () => {
    await publish(api.admin, 'optional', [
      { name: 'plan', optional: true, steps: [{ id: 'do', command: 'exit 1' }] },
      ...commands({ build: 'true' }),
    ]);
    const id = await createRun(api.member, 'optional');
    const skip = (phase: string) =>
      api.member.post<ProblemDto>(`/runs/${id}/phases/${phase}/skip`, { reason: 'not now' });
    expect(await skip('build')).toMatchObject({ status: 409, body: { code: 'phase_not_pending' } });
    expect(await skip('none')).toMatchObject({ status: 404 });
    expect(await skip('plan')).toMatchObject({ status: 200, body: { current_phase: 'build' } });
    expect(await skip('build')).toMatchObject({ status: 409, body: { code: 'phase_not_optional' } });
    expect(phaseOf(await detail(api.member, id), 'plan')).toMatchObject({
      status: 'skipped',
      optional: true,
    });
  });
});
