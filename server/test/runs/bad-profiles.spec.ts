import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const START = 'apiVersion: orchestrator/v1\nname: bad\ntitle: Bad\n';

describe('a profile that is wrong', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
  });

  afterAll(() => api.stop());

  it.each([
    ['malformed YAML', `${START}phases: [\n  - name: {`, /line \d|YAML/i],
    [
      'needs in a circle',
      `${START}phases:\n  - name: p\n    steps:\n      - { id: a, needs: [b], command: x }\n      - { id: b, needs: [a], command: x }\n`,
      /a.*b|cycle|circle/i,
    ],
    [
      'a need that is not there',
      `${START}phases:\n  - name: p\n    steps:\n      - { id: a, needs: [zz], command: x }\n`,
      /zz/,
    ],
    [
      'an artifact outside of the workspace',
      `${START}phases:\n  - name: p\n    steps:\n      - { id: a, command: x, artifacts: [{ path: ../../x }] }\n`,
      /\.\.\/\.\.\/x|path/,
    ],
    ['no phases', `${START}phases: []\n`, /phases/],
    [
      'an alias bomb',
      `${START}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nphases: [*e,*e,*e,*e]\n`,
      /./,
    ],
    ['text with NUL', `${START}description: "a\\0b"\nphases: []\n`, /./],
    ['nothing', '', /./],
  ])('by %s is refused with its lines, and changes nothing', async (_what, text, message) => {
    const { status, body } = await api.admin.put<ProblemDto>('/profiles/bad', text, 'application/yaml');
    expect(status).toBe(400);
    const said = `${body.detail} ${JSON.stringify(body.errors ?? [])}`;
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\/server\/|node_modules|at .*:\d+:\d+/);
    expect((await api.admin.get('/profiles/bad')).status).toBe(404);
    expect(await api.admin.post('/runs', { profile: 'bad' })).toMatchObject({ status: 400 });
  });

  it('is refused for members however good it is', async () => {
    const text = `${START}phases:\n  - name: p\n    steps:\n      - { id: a, command: x }\n`;
    expect((await api.member.put('/profiles/bad', text, 'application/yaml')).status).toBe(403);
    expect((await api.admin.put('/profiles/bad', text, 'application/yaml')).status).toBe(201);
    expect((await api.admin.put('/profiles/bad', text, 'application/yaml')).status).toBe(200);
  });
});
