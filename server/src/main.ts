import 'reflect-metadata';
import type { AppConfig } from './config/app-config.js';
import { loadConfig } from './config/load-config.js';
import { StartupError } from './problems/startup-error.js';
import { openDatabase } from './startup/database.js';
import { requireRecentNode } from './startup/node-version.js';
import { requireFreePort } from './startup/port.js';
import { runApi } from './startup/run-api.js';
import { runWorker } from './startup/run-worker.js';
import { stopRequested } from './startup/stop-requests.js';

/** The option of a process that ends with the process that started it. */
const END_WITH_PARENT = '--end-with-parent';

/** Starts what ROLE says, runs until it is asked to stop, and stops in order: the database last. */
async function main(): Promise<void> {
  requireRecentNode(process.versions.node);
  const stop = stopRequested(process.argv.includes(END_WITH_PARENT) ? process.ppid : null);
  const config = await loadConfig();
  const port = config.role === 'worker' ? config.healthPort : config.port;
  if (port !== null) await requireFreePort(config.host, port);
  const database = await openDatabase(config);
  try {
    await serveUntil(stop, config.with({ databaseUrl: database.url }));
  } finally {
    await database.close();
  }
}

async function serveUntil(stop: Promise<string>, config: AppConfig): Promise<void> {
  const close = config.role === 'worker' ? await runWorker(config) : await runApi(config);
  const reason = await stop;
  process.stdout.write(`  Stopping (${reason}) …\n`);
  await close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text =
      error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${text ?? 'unknown reason'}\n\n`);
    process.exit(1);
  },
);
