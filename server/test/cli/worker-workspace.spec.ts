import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimAnswerDto } from '../../src/execution/remote/worker-answers.dto.js';
import { git, makeRepository, writeFiles } from '../execution/repositories.js';
import { commands, createRun, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Person } from './cli-process.js';

const CHECK = 'set -e; test "$(cat src/main.txt)" = "mended far away"; test -x run.sh; git log --format=%s';

describe('the workspace of a step on another machine', () => {
  let api: TestApp;
  let person: Person;

  beforeAll(async () => {
    api = await startTestApp();
    person = await Person.of(api.url, api.member);
    const mend = { id: 'mend', agent: 'fixer', worker: { labels: ['fast'] }, retry: { attempts: 1 } };
    const [before, after] = [
      commands({ look: 'echo seen > look.txt' }),
      commands({ check: `${CHECK} > log.txt` }),
    ];
    await publish(api.admin, 'far', [...before, { name: 'mend', steps: [mend] }, ...after], {
      repository: 'optional',
    });
  });
  afterEach(async () => {
    const { body } = await api.member.get<{ runs: { run_id: string }[] }>(
      '/runs?status=running&status=failed',
    );
    for (const { run_id: id } of body.runs) await api.member.post(`/runs/${id}/cancel`);
  });
  afterAll(async () => {
    await person.leave();
    await api.stop();
  });

  let made = 0;
  const source = (): string => {
    made += 1;
    const folder = join(api.folder, 'repositories', `source-${made}`);
    makeRepository(folder, { 'src/main.txt': 'broken', 'run.sh': '#!/bin/sh\n' });
    writeFiles(folder, { 'src/main.txt': 'still broken' });
    git(folder, 'commit', '--quiet', '--all', '--message=Second');
    return folder;
  };
  const run = (path: string | null): Promise<string> =>
    createRun(api.member, 'far', {
      auto_advance: true,
      ...(path === null ? {} : { repository: { path } }),
    });
  const work = (command: string, ...more: string[]): Promise<{ code: number | null; stdout: string }> =>
    person.start(['worker', '--labels', 'fast', '--once', '--exec', command, ...more]).ended;
  const claim = async (): Promise<ClaimAnswerDto> => {
    const asked = { name: 'by hand', labels: ['fast'], wait_seconds: 20 };
    const { status, body } = await api.member.post<ClaimAnswerDto>('/worker/claim', asked);
    expect(status).toBe(200);
    return body;
  };
  const start = (step: string, token: string): Promise<Response> =>
    api.member.raw(`/worker/steps/${step}/workspace?lease_token=${encodeURIComponent(token)}`);
  const send = async (
    step: string,
    token: string,
    content: Uint8Array,
  ): Promise<{ status: number; body: { code?: string; commit?: string } }> => {
    const response = await api.member.raw(
      `/worker/steps/${step}/workspace?lease_token=${encodeURIComponent(token)}`,
      { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream' }, body: content },
    );
    return { status: response.status, body: (await response.json()) as { code?: string } };
  };
  /** Unpacks what a step starts from, as any Git does. */
  const unpack = async ({ step, lease }: ClaimAnswerDto, name: string): Promise<string> => {
    const response = await start(step.id, lease.token);
    expect(response.status).toBe(200);
    const file = join(api.folder, `${name}.bundle`);
    writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
    const folder = join(api.folder, name);
    git(api.folder, 'clone', '--quiet', file, folder);
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(response.headers.get('workspace-commit'));
    git(folder, 'tag', 'start');
    return folder;
  };
  const bundle = (folder: string, ...revisions: string[]): Uint8Array => {
    git(folder, 'bundle', 'create', '--quiet', 'out.bundle', ...revisions);
    return readFileSync(join(folder, 'out.bundle'));
  };

  it('has the files and history of the run, and brings back commits and what was not committed', async () => {
    const id = await run(source());
    const { code, stdout } = await work(
      `set -e; test "$(cat src/main.txt)" = "still broken"; test -e look.txt; test "$(git rev-list --count HEAD)" = 3
       chmod +x run.sh; git commit --quiet --all --message "Make it run"; printf "mended far away" > src/main.txt`,
    );
    expect({ code, stdout }).toMatchObject({ code: 0 });
    const done = await runUntil(api.member, id, ({ status }) => status !== 'running');
    expect({ status: done.status, error: phaseOf(done, 'check').error }).toEqual({
      status: 'completed',
      error: null,
    });
  });

  it('has the history of a source that was cut off, as far as it goes', async () => {
    const whole = source();
    const cut = join(api.folder, 'repositories', `cut-${made}`);
    git(api.folder, 'clone', '--quiet', '--depth=1', `file://${whole}`, cut);
    const id = await run(cut);
    const { code } = await work(
      'set -e; test "$(git rev-list --count HEAD)" = 2; chmod +x run.sh; printf "mended far away" > src/main.txt',
    );
    expect(code).toBe(0);
    await runUntil(api.member, id, ({ status }) => status === 'completed');
  });

  it('begins empty where the worker is told so, and then stays as it was', async () => {
    const id = await run(source());
    expect((await work('test -z "$(ls -A)" && echo lost > gone.txt', '--no-workspace')).code).toBe(0);
    const failed = await runUntil(api.member, id, ({ status }) => status === 'failed');
    expect(phaseOf(failed, 'check').error).toMatchObject({ code: 'exit_code' });
  });

  it('is given and taken under the lease alone', async () => {
    await run(source());
    const claimed = await claim();
    const { step, lease } = claimed;
    const folder = await unpack(claimed, 'ours');
    writeFiles(folder, { 'src/main.txt': 'mended far away' });
    git(folder, 'commit', '--quiet', '--all', '--message=Mend');
    const content = bundle(folder, 'HEAD', '^start');
    const stale = `${step.id}:99`;
    expect((await start(step.id, stale)).status).toBe(409);
    expect(await send(step.id, stale, content)).toMatchObject({ status: 409, body: { code: 'lease_lost' } });
    const unseen = await api.otherMember.raw(`/worker/steps/${step.id}/workspace?lease_token=${lease.token}`);
    expect(unseen.status).toBe(404);
    expect(await send(step.id, lease.token, content)).toEqual({
      status: 200,
      body: { commit: git(folder, 'rev-parse', 'HEAD') },
    });
  });

  it('takes nothing that is no bundle, that does not build on its start, or that breaks the rules of Git', async () => {
    const id = await run(source());
    const claimed = await claim();
    const { step, lease } = claimed;
    const refused = { status: 400, body: { code: 'bundle_not_readable' } };
    const before = makeRepository(join(api.folder, 'before'), { a: 'b' });
    expect(await send(step.id, lease.token, bundle(before, 'HEAD'))).toMatchObject(refused);
    const folder = await unpack(claimed, 'theirs');
    expect(await send(step.id, lease.token, Buffer.from('# v2 git bundle\nnothing'))).toMatchObject(refused);
    const foreign = makeRepository(join(api.folder, 'foreign'), { a: 'b' });
    expect(await send(step.id, lease.token, bundle(foreign, 'HEAD'))).toMatchObject(refused);
    // A tree with an entry named .git is how a hostile history would reach a work tree's configuration.
    const blob = git(folder, 'hash-object', '-w', 'src/main.txt');
    const inner = treeOf(folder, `100644 blob ${blob}\tconfig`);
    const outer = treeOf(folder, `040000 tree ${inner}\t.git`);
    const commit = git(folder, 'commit-tree', outer, '-p', 'HEAD', '-m', 'Evil');
    git(folder, 'update-ref', 'HEAD', commit);
    expect(await send(step.id, lease.token, bundle(folder, 'HEAD', '^start'))).toMatchObject(refused);
    const completed = await api.member.post(`/worker/steps/${step.id}/complete`, {
      lease_token: lease.token,
    });
    expect(completed.status).toBe(204);
    // What was refused is not in the workspace.
    const failed = await runUntil(api.member, id, ({ status }) => status === 'failed');
    expect(phaseOf(failed, 'mend').status).toBe('completed');
  });
});

/** A tree that Git itself would not make. */
function treeOf(folder: string, line: string): string {
  const [, mode = '', , object = '', name = ''] = /^(\d+) (\w+) (\w+)\t(.+)$/.exec(line) ?? [];
  const entry = Buffer.concat([
    Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
    Buffer.from(object, 'hex'),
  ]);
  writeFileSync(join(folder, 'tree.bin'), entry);
  return git(folder, 'hash-object', '-w', '-t', 'tree', '--literally', 'tree.bin');
}
