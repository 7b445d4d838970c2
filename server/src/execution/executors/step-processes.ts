import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { STEP_MARK, clearExchange } from './exchange.js';

const ROUNDS = 40;
const ROUND_PAUSE_MS = 25;

/**
 * Kills every process on this machine that carries the mark of a step attempt, also those that left its process
 * group or session, and removes its temporary folder. For what a lost attempt left behind.
 * @returns how many processes were killed; 0 where the system has no /proc
 */
export async function reapStepProcesses(stepAttemptId: string): Promise<number> {
  const killed = await killStepProcesses(stepAttemptId, null);
  await clearExchange(stepAttemptId);
  return killed;
}

/**
 * Kills the processes of a step attempt: its process group and whatever carries its mark. Looks again until
 * nothing is found, because a process may start another one between the look and the kill.
 */
export async function killStepProcesses(stepAttemptId: string, groupId: number | null): Promise<number> {
  const seen = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    if (groupId !== null) signalGroup(groupId, 'SIGKILL');
    const found = await processesOf(stepAttemptId);
    if (found.length === 0) break;
    for (const pid of found) {
      seen.add(pid);
      signal(pid, 'SIGKILL');
    }
    await pause(ROUND_PAUSE_MS);
  }
  return seen.size;
}

/** Sends a signal to a whole process group. */
export const signalGroup = (groupId: number, name: NodeJS.Signals): void => signal(-groupId, name);

/** Step attempts of which a process runs on this machine, of whatever orchestrator. */
export async function runningStepAttempts(): Promise<readonly string[]> {
  return [...new Set((await markedProcesses()).map((found) => found.stepAttemptId))];
}

async function processesOf(stepAttemptId: string): Promise<number[]> {
  return (await markedProcesses())
    .filter((found) => found.stepAttemptId === stepAttemptId)
    .map(({ pid }) => pid);
}

interface MarkedProcess {
  readonly pid: number;
  readonly stepAttemptId: string;
}

async function markedProcesses(): Promise<MarkedProcess[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const marked: MarkedProcess[] = [];
  for (const pid of pids) {
    // Gone, or another user's: not ours to end.
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    const mark = environment.split('\0').find((entry) => entry.startsWith(`${STEP_MARK}=`));
    if (mark !== undefined && pid !== process.pid) {
      marked.push({ pid, stepAttemptId: mark.slice(STEP_MARK.length + 1) });
    }
  }
  return marked;
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (error) {
    // ESRCH: ended meanwhile. EPERM: a process that changed its user.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
