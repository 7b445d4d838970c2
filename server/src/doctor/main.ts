import 'reflect-metadata';
import { join } from 'node:path';
import { loadConfig } from '../config/load-config.js';
import { attachEmbeddedPostgres } from '../persistence/embedded-postgres.js';
import { runDoctor } from './doctor.js';
import { formatReport } from './report.js';

/**
 * `node dist/server/doctor/main.js [--json]`: checks the database that the environment names (DATABASE_URL, else the
 * one that runs on DATA_DIR) and the artifact store of DATA_DIR. Exit code 1 where a promise is broken, 2 where the
 * check could not be made.
 */
async function main(): Promise<number> {
  const config = await loadConfig();
  const url = config.databaseUrl ?? (await attachEmbeddedPostgres(config.dataDir));
  const report = await runDoctor(url, { artifactsFolder: join(config.dataDir, 'artifacts') });
  const text = process.argv.includes('--json') ? JSON.stringify(report, null, 2) : formatReport(report);
  process.stdout.write(`${text}\n`);
  return report.healthy ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
