import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { makeRepository } from '../execution/repositories.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { artifactsOf, commands, contentOf, createRun, detail, next, publish } from './run-steps.js';

describe("a run's repository", () => {
  let api: TestApp;
  let folder: string;

  beforeAll(async () => {
    api = await startTestApp();
    folder = makeRepository(join(api.folder, 'repositories', 'project'), { 'README.md': '# Project\n' });
    mkdirSync(join(api.folder, 'repositories', 'plain'));
    symlinkSync('/etc', join(api.folder, 'repositories', 'link'));
    await publish(api.admin, 'reading', commands({ read: 'cp README.md "$ORCHESTRATOR_ARTIFACTS/"' }), {
      repository: 'required',
    });
    await publish(api.admin, 'none', commands({ read: 'true' }), { repository: 'none' });
  });

  afterAll(() => api.stop());

  it('is what its steps work on', async () => {
    const id = await createRun(api.member, 'reading', { repository: { path: folder, ref: 'main' } });
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    const [artifact] = await artifactsOf(api.member, id, 'read');
    expect(await contentOf(api.member, id, artifact?.artifact_id ?? '')).toBe('# Project\n');
    expect(await detail(api.member, id)).toMatchObject({
      repository: { url: null, path: folder, ref: 'main' },
    });
  });

  it.each([
    ['a URL over http', { url: 'http://example.org/x.git' }, '/repository/url'],
    ['a URL over ssh', { url: 'ssh://git@example.org/x.git' }, '/repository/url'],
    ['a file URL', { url: 'file:///etc' }, '/repository/url'],
    ['a transport that runs a program', { url: 'ext::sh -c id' }, '/repository/url'],
    ['an option instead of a URL', { url: '--upload-pack=id' }, '/repository/url'],
    ['a URL with a password', { url: 'https://user:secret@example.org/x.git' }, '/repository/url'],
    ['a path outside of the allowed folders', { path: '/etc' }, '/repository/path'],
    ['a path that climbs out', { path: 'REPOSITORIES/../data' }, '/repository/path'],
    ['a link that leads out', { path: 'REPOSITORIES/link' }, '/repository/path'],
    ['a relative path', { path: 'project' }, '/repository/path'],
    ['a path that is not there', { path: 'REPOSITORIES/nothing' }, '/repository/path'],
    ['both a URL and a path', { url: 'https://example.org/x.git', path: '/x' }, '/repository'],
  ])('is refused for %s, with a pointer and without its password', async (_what, given, pointer) => {
    const repository = JSON.parse(
      JSON.stringify(given).replaceAll('REPOSITORIES', join(api.folder, 'repositories')),
    ) as object;
    const { status, body } = await api.member.post<ProblemDto>('/runs', { profile: 'reading', repository });
    expect({ status, pointers: body.errors?.map((error) => error.pointer) }).toEqual({
      status: 400,
      pointers: [pointer],
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('is refused where the profile works on none', async () => {
    const answer = await api.member.post<ProblemDto>('/runs', {
      profile: 'none',
      repository: { path: folder },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/repository' }] } });
  });

  it.each([
    ['a URL that does not exist', { url: 'https://no-such-host.invalid/x.git' }, /no-such-host\.invalid/],
    ['a host of this machine', { url: 'https://127.0.0.1:1/x.git' }, /private|not allowed|may not/i],
    ['a folder without a repository', { path: 'REPOSITORIES/plain' }, /repository/i],
    [
      'a branch that does not exist',
      { path: 'REPOSITORIES/project', ref: 'no-such-branch' },
      /no-such-branch/,
    ],
    ['a branch that looks like an option', { path: 'REPOSITORIES/project', ref: '--output=x' }, /--output=x/],
  ])(
    'that is %s is a clear error, at once or when its first phase is executed',
    async (_what, given, message) => {
      const repository = JSON.parse(
        JSON.stringify(given).replaceAll('REPOSITORIES', join(api.folder, 'repositories')),
      ) as object;
      const created = await api.member.post<ProblemDto & { run_id: string }>('/runs', {
        profile: 'reading',
        repository,
      });
      if (created.status !== 201) {
        expect(created.status).toBe(400);
        expect(created.body.detail).toMatch(message);
        return;
      }
      const answer = await next<ProblemDto>(api.member, created.body.run_id);
      expect(answer).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
      expect(answer.body.detail).toMatch(message);
      expect(await detail(api.member, created.body.run_id)).toMatchObject({ status: 'failed' });
    },
  );
});
