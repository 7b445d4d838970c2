import { readFile } from 'node:fs/promises';

/** Whether a process of this id exists and has not ended (a zombie has). */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const state = await processState(pid);
  return state === null || !['Z', 'X'].includes(state.code);
}

/**
 * Something that tells two processes of the same id apart: the start time in clock ticks since boot.
 * `null` where the system has no /proc.
 */
export async function startMark(pid: number): Promise<string | null> {
  return (await processState(pid))?.startTime ?? null;
}

/** The program's short name (Linux), or `null` where it cannot be read. */
export async function programName(pid: number): Promise<string | null> {
  return (await processState(pid))?.name ?? null;
}

interface ProcessState {
  readonly name: string;
  readonly code: string;
  readonly startTime: string;
}

async function processState(pid: number): Promise<ProcessState | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name stands in parentheses and may itself contain spaces and parentheses.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return { name: text.slice(text.indexOf('(') + 1, end), code: fields[0] ?? '', startTime: fields[19] ?? '' };
}
