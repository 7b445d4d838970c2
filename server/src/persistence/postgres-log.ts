import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const LAST_LINES = 5;

/** Opens the server's log for appending; one that has grown past 10 MiB becomes `postgres.log.1`. */
export async function openPostgresLog(dataDir: string): Promise<FileHandle> {
  const path = join(dataDir, 'postgres.log');
  const present = await stat(path).catch(() => null);
  if (present !== null && present.size > MAX_LOG_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}

/** The last lines of the server's log, for a message that says why it did not start. */
export async function lastPostgresLines(dataDir: string): Promise<string> {
  const text = await readFile(join(dataDir, 'postgres.log'), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-LAST_LINES).join('\n') || 'it wrote no message';
}
