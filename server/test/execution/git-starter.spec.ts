import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Git } from '../../src/execution/workspace/git.js';
import { eventually } from '../support/until.js';

const BUILT = join(import.meta.dirname, '../../../dist/server/execution/workspace/git.js');
const PATH = process.env['PATH'] ?? '';

describe('the process that starts Git', () => {
  let folder: string;
  let git: Git;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orchestrator-git-'));
    git = new Git({
      environment: { PATH },
      configFile: join(folder, 'config'),
      timeoutMs: 60_000,
      maxOutputBytes: 1000,
    });
    await git.install();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const answers = async (): Promise<boolean> => (await git.text(['version'])).startsWith('git version');

  it('runs many commands at once, each with its own input and output', async () => {
    const hashes = Array.from({ length: 20 }, (_, i) =>
      git.text(['hash-object', '--stdin'], { input: `text ${String(i)}` }),
    );
    expect(new Set(await Promise.all(hashes)).size).toBe(20);
  });

  it('keeps what a command printed up to the limit, and ends it there', async () => {
    const result = await git.run(['help', '--all']);
    expect(result).toMatchObject({ exitCode: 0, truncated: true });
    expect(result.stdout).toHaveLength(1000);
  });

  it('is started again where it was lost; what it was running failed', async () => {
    expect(await answers()).toBe(true);
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const lost = git.run(['hash-object', fifo]).catch((error: unknown) => error);
    for (const pid of await runnersOf(process.pid)) process.kill(pid, 'SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    expect(await answers()).toBe(true);
  });

  it('neither holds its server back nor outlives it', async () => {
    const settings = {
      environment: { PATH },
      configFile: join(folder, 'config'),
      timeoutMs: 60_000,
      maxOutputBytes: 1000,
    };
    const script = `import { Git } from ${JSON.stringify(BUILT)};
      import { execFileSync } from 'node:child_process';
      await new Git(${JSON.stringify(settings)}).text(['version']);
      process.stdout.write(execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)]).toString());`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 60_000,
    });
    const children = printed.toString().trim().split(/\s+/).map(Number);
    expect(children.length).toBeGreaterThan(0);
    await eventually(
      async () => (await readdir('/proc')).filter((name) => children.includes(Number(name))),
      (alive) => alive.length === 0,
    );
  });
});

/** Processes of that parent that start Git. */
async function runnersOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const about = (file: string): Promise<string> =>
      readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [stat, command] = await Promise.all([about('stat'), about('cmdline')]);
    const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(ppid) === parent && command.includes('git-runner')) found.push(Number(name));
  }
  return found;
}
