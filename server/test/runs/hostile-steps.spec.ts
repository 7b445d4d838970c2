import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../src/persistence/live-process.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { AdvanceRunResponseDto } from '../../src/runs/dto/advance.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { StepSource } from '../../src/workflow/domain/profile-source.js';
import type { Answer } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
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

const MIB = 1024 * 1024;

interface Executed {
  readonly id: string;
  readonly answer: Answer<AdvanceRunResponseDto & ProblemDto>;
  readonly run: RunDetailDto;
}

// One of them prints 1 GB.
jest.setTimeout(180_000);

describe('a step that misbehaves', () => {
  let api: TestApp;
  let number = 0;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'good', commands({ only: 'true' }));
  });

  afterEach(async () => {
    expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
  });

  afterAll(() => api.stop());

  /** Executes a run of one such step and gives what became of it. */
  async function execute(command: string, more: Partial<StepSource> = {}): Promise<Executed> {
    number += 1;
    const name = `bad_${String(number)}`;
    await publish(api.admin, name, [
      { name: 'work', steps: [{ id: 'do', command, retry: { attempts: 1 }, ...more }] },
      ...commands({ rest: 'true' }),
    ]);
    const id = await createRun(api.member, name);
    const answer = await next<AdvanceRunResponseDto & ProblemDto>(api.member, id, undefined, {
      Prefer: 'wait=60',
    });
    return { id, answer, run: await detail(api.member, id) };
  }

  const logOf = async (id: string): Promise<string> =>
    (await api.member.raw(`/runs/${id}/logs`, { headers: { Accept: 'text/plain' } })).text();

  it('by printing 1 GB succeeds, and its log keeps the beginning and the end with a mark between', async () => {
    const { id } = await execute(
      'echo the-first-line; yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c 1000000000; echo; echo the-last-line',
    );
    // A busy machine may need longer than any call waits.
    const run = await runUntil(api.member, id, (seen) => phaseOf(seen, 'work').status !== 'in_progress');
    expect(phaseOf(run, 'work').status).toBe('completed');
    const log = await logOf(id);
    expect(log.length).toBeLessThan(16 * MIB);
    expect(log).toContain('the-first-line');
    expect(log).toContain('the-last-line');
    expect(log).toMatch(/left out|omitted|not kept|…/i);
  });

  it('by printing one endless line succeeds, and the line is cut', async () => {
    const { id, answer } = await execute("head -c 50000000 /dev/zero | tr '\\0' 'x'; echo; echo after");
    expect(answer.status).toBe(200);
    const lines = (await logOf(id)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(MIB);
    expect(lines.join('\n')).toContain('after');
  });

  it('by never ending is ended at its timeout, and the failure says so', async () => {
    const { answer, run } = await execute('sleep 100000', { timeout: '1s' });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'phase_failed', failure: { code: 'timeout', step: 'do' } },
    });
    expect(run.failure).toMatchObject({ code: 'timeout', message: expect.stringContaining('1 s') });
  });

  it('by forking and ignoring SIGTERM leaves no process behind', async () => {
    const pids = join(api.folder, 'pids');
    const { answer } = await execute(
      `trap '' TERM HUP INT; for n in 1 2 3; do (trap '' TERM HUP INT; echo $(sh -c 'echo $PPID') >> ${pids}; while true; do sleep 1000; done) & done; setsid sh -c 'trap "" TERM; echo $$ >> ${pids}; sleep 1000' & wait`,
      { timeout: '2s' },
    );
    expect(answer).toMatchObject({ status: 409, body: { failure: { code: 'timeout' } } });
    const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect(started).toHaveLength(4);
    await eventually(
      () => Promise.all(started.map((pid) => isAlive(pid))),
      (alive) => !alive.includes(true),
    );
  });

  it.each([
    ['kill -9 $$', 'SIGKILL'],
    ['kill -SEGV $$', 'SIGSEGV'],
  ])('by ending with a signal (%s) fails with its name', async (command, signal) => {
    const { answer } = await execute(command);
    expect(answer).toMatchObject({ status: 409, body: { failure: { signal, exit_code: null } } });
  });

  it('by a command that is not there fails with a clear message', async () => {
    const { answer, run } = await execute('', { command: ['/no/such/program', 'x'] });
    expect(answer).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    expect(run.failure?.message).toContain('not found');
    expect(run.failure?.message).not.toContain(api.folder);
  });

  it('by reporting artifacts outside of its workspace has none of them kept, and is told', async () => {
    const lines = ['../../x', '/etc/passwd', 'a/../../../y', '..']
      .map((path) => `echo '${JSON.stringify({ artifact: { path } })}' >> "$ORCHESTRATOR_OUTPUT"`)
      .join('\n');
    const { id, answer, run } = await execute(`echo x > ../../x; ${lines}\necho good > good.md
      echo '{"artifact":{"path":"good.md"}}' >> "$ORCHESTRATOR_OUTPUT"`);
    expect(answer.status).toBe(200);
    expect((await artifactsOf(api.member, id, 'work')).map((artifact) => artifact.path)).toEqual(['good.md']);
    const warnings = phaseOf(run, 'work').steps[0]?.warnings ?? [];
    expect(warnings.filter((warning) => warning.includes('outside'))).toHaveLength(4);
  });

  it('by linking to /etc/passwd, to folders and in a circle has no link followed', async () => {
    const { id, answer, run } =
      await execute(`cd "$ORCHESTRATOR_ARTIFACTS"; ln -s /etc/passwd passwd; ln -s /etc etc
      ln -s . circle; ln -s nowhere dangling; mkfifo pipe; echo good > good.md`);
    expect(answer.status).toBe(200);
    const kept = await artifactsOf(api.member, id, 'work');
    expect(kept.map((artifact) => artifact.path)).toEqual(['good.md']);
    expect(phaseOf(run, 'work').steps[0]?.warnings.join('\n')).toContain('passwd');
    const zip = await (await api.member.raw(`/runs/${id}/artifacts.zip`)).text();
    expect(zip).not.toContain('root:');
  });

  it('by replacing its folders and files with links harms nobody', async () => {
    const { id, answer } = await execute(
      `rm -rf "$ORCHESTRATOR_ARTIFACTS" "$ORCHESTRATOR_OUTPUT"; ln -s /etc "$ORCHESTRATOR_ARTIFACTS"; ln -s /etc/passwd "$ORCHESTRATOR_OUTPUT"; rm -rf .git`,
    );
    expect([200, 409]).toContain(answer.status);
    for (const artifact of await artifactsOf(api.member, id, 'work')) {
      expect(await contentOf(api.member, id, artifact.artifact_id)).not.toContain('root:');
    }
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('by writing nonsense to its output is warned of each line by its number, and good lines count', async () => {
    const { run } = await execute(
      `printf '%s\\n' 'no json' '{"metric":{"name":"a.b","value":"NaN"}}' '{"usage":{"provider":"p","model":"m","input_tokens":-5,"output_tokens":1}}' '[]' '{"unknown":1}' '{"summary":"All good"}' >> "$ORCHESTRATOR_OUTPUT"`,
    );
    const [step] = phaseOf(run, 'work').steps;
    expect(step).toMatchObject({ status: 'succeeded', summary: 'All good' });
    for (const line of [1, 2, 3, 4]) {
      expect(step?.warnings.some((warning) => new RegExp(`line ${String(line)}\\b`).test(warning))).toBe(
        true,
      );
    }
    expect(run).toMatchObject({ cost_usd: 0, budget: { spent_tokens: 0 } });
  });

  it('by printing NUL, broken text and escape sequences has a log that can be stored and read', async () => {
    const { id, answer } = await execute(
      `printf 'a\\000b\\377\\376c\\033[31mred\\033[0m\\r\\n'; printf '{"summary":"nul \\\\u0000 in it"}\\n' >> "$ORCHESTRATOR_OUTPUT"; printf 'x' >> "$ORCHESTRATOR_ARTIFACTS/plain.txt"; exit 3`,
    );
    expect(answer).toMatchObject({ status: 409, body: { failure: { exit_code: 3 } } });
    expect(await logOf(id)).toContain('red');
  });

  it('by making an artifact of 200 MB fails with a clear error, and one of no bytes is kept', async () => {
    const large = await execute('truncate -s 200M "$ORCHESTRATOR_ARTIFACTS/large.bin"');
    expect(large.answer).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    expect(large.run.failure).toMatchObject({ message: expect.stringContaining('large.bin') });
    expect(await artifactsOf(api.member, large.id, 'work')).toEqual([]);
    const empty = await execute(': > "$ORCHESTRATOR_ARTIFACTS/empty.txt"');
    expect(empty.answer.status).toBe(200);
    const [artifact] = await artifactsOf(api.member, empty.id, 'work');
    expect(artifact).toMatchObject({ path: 'empty.txt', size_bytes: 0 });
    expect(await contentOf(api.member, empty.id, artifact?.artifact_id ?? '')).toBe('');
  });

  it('by names with emoji, right-to-left letters, spaces and quotes has them kept as they are', async () => {
    const names = [
      '🚀 start.md',
      'שלום.txt',
      `it's "quoted".md`,
      'ünï/cödé.md',
      '-rf',
      '%2e%2e.md',
      '$(id).md',
    ];
    const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    const { id, answer } = await execute(
      `cd "$ORCHESTRATOR_ARTIFACTS"; mkdir ünï; ${names.map((name) => `echo x > ./${shell(name)}`).join('; ')}`,
    );
    expect(answer.status).toBe(200);
    const kept = await artifactsOf(api.member, id, 'work');
    expect(kept.map((artifact) => artifact.path).sort()).toEqual(
      names.map((name) => name.normalize('NFC')).sort(),
    );
    for (const { artifact_id: artifact } of kept) {
      const content = await api.member.raw(
        `/runs/${id}/artifacts/${artifact}/content?disposition=attachment`,
      );
      expect([content.status, await content.text()]).toEqual([200, 'x\n']);
    }
  });

  it('by a name with a newline fails, and the failure tells the name in a readable form', async () => {
    const { answer, run } = await execute(`printf x > "$ORCHESTRATOR_ARTIFACTS/$(printf 'a\\nb.md')"`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    expect(run.failure?.message).toMatch(/a(\\n|\\u000a)b\.md/);
  });

  it('leaves a server behind that executes the next run as ever', async () => {
    expect(await next(api.member, await createRun(api.member, 'good'))).toMatchObject({ status: 200 });
  });
});
