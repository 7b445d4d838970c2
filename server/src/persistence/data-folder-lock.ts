import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createExclusively } from '../config/exclusive-file.js';
import { StartupError } from '../problems/startup-error.js';
import { isAlive, startMark } from './live-process.js';

export interface DataFolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly start: string | null;
}

/**
 * Takes a data folder for this process alone. A lock whose process has ended is taken over.
 * @throws StartupError where a live process holds the folder.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'orchestrator.lock');
  const mine: Holder = { pid: process.pid, start: await startMark(process.pid) };
  while (!(await createExclusively(path, JSON.stringify(mine)))) {
    const holder = await readHolder(path);
    if (holder !== null && (await holds(holder))) {
      throw new StartupError(
        `The data folder ${dataDir} is in use by another orchestrator (process ${String(holder.pid)}). ` +
          'Stop it, or set DATA_DIR to another folder.',
      );
    }
    await rm(path, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Not written by an orchestrator: nobody holds it.
    return null;
  }
}

async function holds(holder: Holder): Promise<boolean> {
  return (await isAlive(holder.pid)) && (await startMark(holder.pid)) === holder.start;
}
