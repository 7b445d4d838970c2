import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder as stepTemporaryFolder } from '../../src/execution/executors/exchange.js';
import { reapStepProcesses } from '../../src/execution/executors/step-processes.js';
import { git, makeRepository, temporaryFolder } from './repositories.js';
import { command, commandExecutor, stepOf } from './step-context.js';

describe('command executor', () => {
  let base: string;

  beforeEach(() => {
    base = temporaryFolder();
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  /** The processes that still carry the mark of a step attempt, zombies excluded (they have no environment). */
  const survivors = (stepAttemptId: string): string[] =>
    readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(stepAttemptId);
      } catch {
        // Ended while the list was read, or another user's.
        return false;
      }
    });

  async function until(condition: () => boolean): Promise<void> {
    for (let round = 0; round < 500 && !condition(); round += 1) await pause(10);
    expect(condition()).toBe(true);
  }

  describe('a command', () => {
    it('runs a line in a shell, or a list of arguments without one, in the workspace', async () => {
      const line = stepOf(base, command('echo "$PWD" | tr a-z A-Z; echo oops >&2'));
      expect((await commandExecutor(base).execute(line.context)).kind).toBe('succeeded');
      expect(line.log.text('stdout')).toBe(`${line.context.workspace.toUpperCase()}\n`);
      expect(line.log.text('stderr')).toBe('oops\n');
      const list = stepOf(base, command(['echo', '$HOME; exit 1']));
      expect((await commandExecutor(base).execute(list.context)).kind).toBe('succeeded');
      expect(list.log.text('stdout')).toBe('$HOME; exit 1\n');
    });

    it('sees its own variables and nothing of the environment of the server', async () => {
      process.env['SERVER_ONLY'] = 'must not leak';
      const { context, log } = stepOf(
        base,
        command(['env', '-0']),
        { env: { MODE: 'x', CI: 'no' } },
        { secrets: { TOKEN: 'abc-123-def' } },
      );
      await commandExecutor(base, { toolFolder: '/opt/tools' }).execute(context);
      delete process.env['SERVER_ONLY'];
      const lines = log
        .text('stdout')
        .replace(/\n$/, '')
        .split('\uFFFD')
        .filter((line) => line !== '');
      const variables = Object.fromEntries(
        lines.map((line): [string, string] => [
          line.slice(0, line.indexOf('=')),
          line.slice(line.indexOf('=') + 1),
        ]),
      );
      expect(Object.keys(variables).sort()).toEqual(
        [
          ...[
            'CI',
            'HOME',
            'LANG',
            'MODE',
            'ORCHESTRATOR_ARTIFACTS',
            'ORCHESTRATOR_ATTEMPT',
            'ORCHESTRATOR_CONTEXT',
            'ORCHESTRATOR_INTAKE',
          ],
          ...[
            'ORCHESTRATOR_OUTPUT',
            'ORCHESTRATOR_PHASE',
            'ORCHESTRATOR_RUN_ID',
            'ORCHESTRATOR_STEP',
            'ORCHESTRATOR_STEP_ATTEMPT_ID',
          ],
          ...['PATH', 'TMPDIR', 'TOKEN'],
        ].sort(),
      );
      expect(variables).toMatchObject({
        CI: 'no',
        MODE: 'x',
        ORCHESTRATOR_ATTEMPT: '2',
        ORCHESTRATOR_PHASE: 'build',
        TOKEN: '***',
      });
      expect(variables['PATH']).toMatch(/^\/opt\/tools:/);
    });

    it('never shows a secret in its log, summary, warnings or failure', async () => {
      const line = `echo "key $TOKEN"; echo '{"summary":"used s3cr3t-value"}' > $ORCHESTRATOR_OUTPUT; echo '{"warning":"s3cr3t-value"}' >> $ORCHESTRATOR_OUTPUT; exit 3`;
      const { context, log } = stepOf(base, command(line), {}, { secrets: { TOKEN: 's3cr3t-value' } });
      const outcome = await commandExecutor(base).execute(context);
      expect(JSON.stringify([outcome, log.lines])).not.toContain('s3cr3t');
      expect(outcome).toMatchObject({ kind: 'failed', report: { summary: 'used ***', warnings: ['***'] } });
      expect(log.text('stdout')).toBe('key ***\n');
    });

    it.each([
      ['exit 3', { code: 'exit_code', exitCode: 3, signal: null, retryable: false }],
      ['exit 75', { code: 'exit_code', exitCode: 75, signal: null, retryable: true }],
      ['kill -SEGV $$', { code: 'signal', exitCode: null, signal: 'SIGSEGV', retryable: false }],
    ])('fails by %j with what happened', async (line, failure) => {
      const { context } = stepOf(base, command(line));
      expect(await commandExecutor(base).execute(context)).toMatchObject({ kind: 'failed', failure });
    });

    it.each([[['no-such-program']], [['a\0b']], [['']], [['/etc/passwd']]])(
      'fails by %j, which cannot be started',
      async (argv) => {
        const { context } = stepOf(base, command(argv));
        const failure = { code: 'spawn', retryable: false };
        expect(await commandExecutor(base).execute(context)).toMatchObject({ kind: 'failed', failure });
      },
    );

    it('removes its temporary folder, whose path is short enough for sockets', async () => {
      const { context } = stepOf(
        base,
        command('test -d "$TMPDIR" && touch "$TMPDIR/x" && test ${#TMPDIR} -lt 80'),
      );
      expect((await commandExecutor(base).execute(context)).kind).toBe('succeeded');
      expect(existsSync(stepTemporaryFolder(context.stepAttemptId))).toBe(false);
    });

    it('keeps to the limits on what a process may write', async () => {
      const limits = { fileBytes: 1000, processes: null, cpuSeconds: null };
      const { context } = stepOf(base, command('head -c 5000 /dev/zero > big'));
      const outcome = await commandExecutor(base, { processLimits: limits }).execute(context);
      expect(outcome.kind).toBe('failed');
      expect(readFileSync(join(context.workspace, 'big')).length).toBe(1000);
    });
  });

  describe('the output of a command', () => {
    it.each([
      ['in lines', "yes 'a line of forty characters, more or less' | head -c 1000000000", 900_000_000],
      ['without a line end', "head -c 1000000000 /dev/zero | tr '\\0' x", 1],
    ])(
      'of a gigabyte %s is read to its end at bounded memory',
      async (_, line, atLeast) => {
        const { context, log } = stepOf(base, command(line));
        let peak = 0;
        const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
        const before = process.memoryUsage().rss;
        const outcome = await commandExecutor(base).execute(context);
        clearInterval(watch);
        expect(outcome.kind).toBe('succeeded');
        expect(log.characters).toBeGreaterThanOrEqual(atLeast);
        expect(log.flushes).toBeGreaterThan(1000);
        expect(peak - before).toBeLessThan(300 * 1024 * 1024);
      },
      60_000,
    );

    it('waits for the log instead of filling the memory', async () => {
      const { context, log } = stepOf(base, command('yes | head -c 50000000'));
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      log.flush = () => gate;
      const done = commandExecutor(base).execute(context);
      await until(() => log.characters >= 256 * 1024);
      await pause(200);
      expect(log.characters).toBeLessThan(1_000_000);
      open();
      expect((await done).kind).toBe('succeeded');
      expect(log.characters).toBe(50_000_000);
    });

    it('is cut at long lines and goes on after them, whole in its characters', async () => {
      const line = "printf 'äöü'; head -c 20000 /dev/zero | tr '\\0' x; sleep 0.1; echo; printf '🚀 next'";
      const { context, log } = stepOf(base, command(line));
      await commandExecutor(base).execute(context);
      const [first = '', second] = log.text('stdout').split('\n');
      expect(first).toMatch(/^äöüx{997} … \[line cut at 1000 characters\]$/);
      expect(second).toBe('🚀 next');
    });
  });

  describe('a command that does not end', () => {
    it('is ended at its time limit with all it started, although it ignores SIGTERM', async () => {
      const line =
        "trap '' TERM; (trap '' TERM; while :; do sleep 0.05; done) & while :; do sleep 0.05; done";
      const { context } = stepOf(base, command(line), { timeoutMs: 300 });
      const failure = { code: 'timeout', retryable: true };
      expect(await commandExecutor(base).execute(context)).toMatchObject({ kind: 'failed', failure });
      expect(survivors(context.stepAttemptId)).toEqual([]);
    });

    it('has time to tidy up after SIGTERM', async () => {
      const line = "trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
      const { context, log } = stepOf(base, command(line), { timeoutMs: 400 });
      expect(await commandExecutor(base).execute(context)).toMatchObject({ failure: { code: 'timeout' } });
      expect(log.text('stdout')).toBe('ready\ntidied\n');
    });

    it('is ended when it is cancelled, also where it ignores the request, and keeps what it had made', async () => {
      const { context, log, abort } = stepOf(
        base,
        command("trap '' TERM; echo x > $ORCHESTRATOR_ARTIFACTS/x.md; echo up; while :; do sleep 0.05; done"),
      );
      const done = commandExecutor(base).execute(context);
      await until(() => log.text('stdout') === 'up\n');
      abort.abort('cancelled');
      const artifacts = [expect.objectContaining({ path: 'x.md' })];
      expect(await done).toMatchObject({
        kind: 'failed',
        failure: { code: 'cancelled', retryable: false },
        report: { artifacts },
      });
      expect(survivors(context.stepAttemptId)).toEqual([]);
    });

    it('is handed back on shutdown, and lost without its lease', async () => {
      for (const [reason, expected] of [
        ['shutdown', { kind: 'handed_back' }],
        ['lease_lost', { kind: 'failed', failure: { code: 'lost', retryable: true } }],
      ] as const) {
        const { context, log, abort } = stepOf(base, command('echo up; sleep 100'));
        const done = commandExecutor(base).execute(context);
        await until(() => log.text('stdout') === 'up\n');
        abort.abort(reason);
        expect(await done).toMatchObject(expected);
      }
    });

    it('does not start when it was cancelled before', async () => {
      const { context, abort } = stepOf(base, command('touch started'));
      abort.abort('cancelled');
      expect(await commandExecutor(base).execute(context)).toMatchObject({ failure: { code: 'cancelled' } });
      expect(existsSync(join(context.workspace, 'started'))).toBe(false);
    });
  });

  describe('a command that leaves processes behind', () => {
    it('ends at once and leaves none, also of those in a session of their own that hold its output', async () => {
      const { context } = stepOf(
        base,
        command('setsid sh -c "trap \'\' TERM; sleep 100" & (sleep 100 &) ; echo done'),
      );
      expect((await commandExecutor(base).execute(context)).kind).toBe('succeeded');
      expect(survivors(context.stepAttemptId)).toEqual([]);
    });

    it('is not waited for where one of them dropped its mark and holds the output', async () => {
      const pidFile = join(base, 'pid');
      const { context } = stepOf(
        base,
        command(`setsid env -i /bin/sh -c 'echo $$ > ${pidFile}; exec sleep 100' & sleep 0.3; echo done`),
      );
      expect((await commandExecutor(base).execute(context)).kind).toBe('succeeded');
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    });

    it('is cleared away by the attempt id alone, as after a crash of the server', async () => {
      const { context, log } = stepOf(base, command('setsid sleep 100 & echo up; sleep 100'));
      const done = commandExecutor(base).execute(context);
      await until(() => log.text('stdout') === 'up\n');
      expect(await reapStepProcesses(context.stepAttemptId)).toBeGreaterThanOrEqual(3);
      expect(survivors(context.stepAttemptId)).toEqual([]);
      expect(await done).toMatchObject({ kind: 'failed', failure: { code: 'signal', signal: 'SIGKILL' } });
    });
  });

  describe('the sandbox', () => {
    it('is a clear error where bubblewrap is missing', async () => {
      const { context } = stepOf(base, command('touch started'));
      const executor = commandExecutor(base, {
        sandbox: { kind: 'bubblewrap', hide: [] },
        environment: { PATH: base },
      });
      const failure = { code: 'sandbox_unavailable', message: expect.stringContaining('install bubblewrap') };
      expect(await executor.execute(context)).toMatchObject({ kind: 'failed', failure });
      expect(existsSync(join(context.workspace, 'started'))).toBe(false);
    });

    const withBubblewrap = existsSync('/usr/bin/bwrap') ? it : it.skip;

    withBubblewrap('lets a command write its own folders only, and reach no network', async () => {
      const server = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
      await until(() => server.listening);
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const checks = [
        'echo w > w && echo t > $TMPDIR/t && echo a > $ORCHESTRATOR_ARTIFACTS/a.md',
        `touch ${base}/outside; ! touch /etc/outside && git log -1 --format=%s`,
        `! node -e 'require("net").connect(${port}, "127.0.0.1").on("error", () => process.exit(1))'`,
        `! test -e ${base}/hidden/key && ! test -e ${base}/hidden/repo/.git/config`,
      ];
      const hide = join(base, 'hidden');
      mkdirSync(hide);
      writeFileSync(join(hide, 'key'), 'secret');
      const { context } = stepOf(base, command(checks.join(' && ')));
      // As a run's repository in the hidden data folder, whose objects the work tree borrows.
      makeRepository(join(hide, 'repo'), { 'a.txt': 'one' });
      git(base, 'clone', '--quiet', '--shared', join(hide, 'repo'), context.workspace);
      const outcome = await commandExecutor(base, { sandbox: { kind: 'bubblewrap', hide: [hide] } }).execute(
        context,
      );
      server.close();
      expect(outcome).toMatchObject({ kind: 'succeeded', report: { artifacts: [{ path: 'a.md' }] } });
      expect(readFileSync(join(context.workspace, 'w'), 'utf8')).toBe('w\n');
      expect(existsSync(join(base, 'outside'))).toBe(false);
    });

    withBubblewrap(
      'shows a command neither settings and data within the program’s folder, nor the machine’s sockets',
      async () => {
        const program = join(base, 'checkout');
        mkdirSync(join(program, 'data'), { recursive: true });
        for (const file of ['program', 'data/key', '.env']) writeFileSync(join(program, file), 'text');
        const checks = [
          `test -s ${program}/program && ! test -e ${program}/data/key && ! test -s ${program}/.env`,
          'test -z "$(ls -A /run)"',
        ];
        const { context } = stepOf(base, command(checks.join(' && ')));
        const hide = [join(program, 'data'), join(program, '.env'), join(program, 'not-there')];
        const settings = { readOnlyFolders: [program], sandbox: { kind: 'bubblewrap' as const, hide } };
        expect(await commandExecutor(base, settings).execute(context)).toMatchObject({ kind: 'succeeded' });
      },
    );
  });
});
