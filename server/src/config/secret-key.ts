import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createExclusively } from './exclusive-file.js';

/**
 * The key kept in `secret.key` of the data folder (mode 0600), made the first time. Processes that start at
 * once all get the same one.
 */
export async function keptSecretKey(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'secret.key');
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present !== null) return present;
  await createExclusively(path, randomBytes(48).toString('base64url'));
  return readFile(path, 'utf8');
}
