import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.js';

/** A test cluster is thrown away: it need not survive a power cut. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

/**
 * URL of the run's server, which the first of all test processes to ask starts; `TEST_DATABASE_URL` names
 * another server to use instead.
 */
export async function clusterUrl(): Promise<string> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external !== undefined && external !== '') return external;
  const folder = process.env['ORCHESTRATOR_TEST_CLUSTER'];
  if (folder === undefined) throw new Error("jest's globalSetup sets ORCHESTRATOR_TEST_CLUSTER");
  const answer = join(folder, 'answer');
  if (await isFirst(folder)) await publish(answer, folder);
  for (;;) {
    const text = await readFile(answer, 'utf8').catch(() => '');
    if (text.startsWith('postgres://')) return text;
    if (text !== '') throw new Error(`The test cluster did not start: ${text}`);
    await delay(20);
  }
}

async function isFirst(folder: string): Promise<boolean> {
  // Creating a folder is atomic: exactly one process succeeds.
  return mkdir(join(folder, 'leader')).then(
    () => true,
    () => false,
  );
}

/** Writes the URL, or why there is none, so that the waiting processes do not wait for ever. */
async function publish(answer: string, folder: string): Promise<void> {
  const text = await startEmbeddedPostgres(folder, SETTINGS).then(
    ({ url }) => url,
    (error: unknown) => String(error),
  );
  await writeFile(`${answer}.new`, text, { mode: 0o600 });
  await rename(`${answer}.new`, answer);
}
