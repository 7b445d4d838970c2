// Plain JavaScript: jest loads its global set-up without the module mapping of the tests.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PREFIX = 'orchestrator-test-';
const VARIABLE = 'ORCHESTRATOR_TEST_CLUSTER';

/** Names the folder of this run's cluster; the cluster starts in it when a test first asks for a database. */
export async function createClusterFolder() {
  await removeAbandoned();
  process.env[VARIABLE] = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Stops the run's server, if one was started, and removes its folder. */
export async function removeClusterFolder() {
  await removeCluster(process.env[VARIABLE]);
}

/** A run that was killed could not stop its server: the next one does. */
async function removeAbandoned() {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = Number(name.slice(PREFIX.length).split('-')[0]);
    // Folders of others are theirs, and a live process keeps its own.
    if (owner > 0 && !isAlive(owner)) await removeCluster(join(tmpdir(), name));
  }
}

async function removeCluster(folder) {
  const pidFile = join(folder, 'postgres', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && isAlive(pid)) {
    process.kill(pid, 'SIGINT');
    // PostgreSQL removes the file as its last act.
    while (isAlive(pid) && existsSync(pidFile)) await delay(10);
  }
  await rm(folder, { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
