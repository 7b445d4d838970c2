import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDataFolder } from '../../src/persistence/data-folder-lock.js';
import { startMark } from '../../src/persistence/live-process.js';

describe('the lock of a data folder', () => {
  let folder: string;
  let other: ChildProcess;

  const noteHolder = async (pid: number, start: string | null): Promise<void> => {
    await writeFile(join(folder, 'orchestrator.lock'), JSON.stringify({ pid, start }));
  };
  const otherPid = (): number => other.pid ?? 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-folder-'));
    other = spawn('sleep', ['60']);
    await once(other, 'spawn');
  });

  afterEach(async () => {
    other.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('is refused while a live process holds it, by a sentence that names the folder, the process and the way out', async () => {
    await noteHolder(otherPid(), await startMark(otherPid()));
    await expect(lockDataFolder(folder)).rejects.toThrow(
      new RegExp(`${folder} is in use by another orchestrator \\(process ${otherPid()}\\).*DATA_DIR`),
    );
  });

  it('is refused to a second taker in the same process', async () => {
    await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow('in use');
  });

  it('is taken over from a process that was killed', async () => {
    await noteHolder(otherPid(), await startMark(otherPid()));
    other.kill('SIGKILL');
    await once(other, 'exit');
    await expect(lockDataFolder(folder)).resolves.toBeDefined();
  });

  it('is taken over where the id of the holder has gone to another process', async () => {
    await noteHolder(otherPid(), '1');
    await expect(lockDataFolder(folder)).resolves.toBeDefined();
  });

  it('is taken over where its file cannot be read', async () => {
    await writeFile(join(folder, 'orchestrator.lock'), '{"pid": ');
    await expect(lockDataFolder(folder)).resolves.toBeDefined();
  });

  it('leaves nothing behind when it is given back', async () => {
    await (await lockDataFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });
});
