import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server tells about itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Line 8; `null` while the server has not written it yet. */
  readonly status: 'starting' | 'ready' | 'stopping' | 'standby' | null;
}

const STATUSES = ['starting', 'ready', 'stopping', 'standby'] as const;

/** Reads `postmaster.pid` of a cluster; `null` where there is none or it is not complete yet. */
export async function readPostmaster(clusterFolder: string): Promise<Postmaster | null> {
  const text = await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return parsePostmaster(text);
}

/** Parses the text of `postmaster.pid`; `null` for a text without a process id. */
export function parsePostmaster(text: string): Postmaster | null {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return {
    pid,
    port: Number(lines[3] ?? 0),
    status: STATUSES.find((status) => status === lines[7]) ?? null,
  };
}
