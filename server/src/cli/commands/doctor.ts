import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { DoctorReport } from '../../doctor/report.js';
import { CliError, EXIT } from '../api/cli-error.js';
import type { Cli } from '../cli.js';

/** `doctor`: the one command that reads the database itself. */
export function addDoctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .summary('check the database of a server for broken promises')
    .description(
      'Reads the database that DATABASE_URL names, else the embedded one of DATA_DIR, whether or not its server runs. ' +
        'Changes nothing. Exit code 1 where a promise is broken.',
    )
    .action(() => doctor(cli));
}

async function doctor(cli: Cli): Promise<void> {
  const report = await examine(cli);
  // Loaded when they are needed: every other command starts without the server's parts.
  const { formatReport } = await import('../../doctor/report.js');
  if (cli.json) cli.out.json(report);
  else cli.out.line(formatReport(report));
  cli.exitCode = report.healthy ? EXIT.completed : EXIT.other;
}

async function examine({ environment }: Cli): Promise<DoctorReport> {
  await import('reflect-metadata');
  const { readEnvironment } = await import('../../config/read-environment.js');
  const { runDoctor } = await import('../../doctor/doctor.js');
  const { databaseUrl, dataDir } = readEnvironment(environment.variables, process.cwd());
  const folder = join(dataDir, 'artifacts');
  const artifactsFolder = existsSync(folder) ? folder : null;
  try {
    if (databaseUrl !== null) return await runDoctor(databaseUrl, { artifactsFolder });
    return await onEmbedded(dataDir, (url) => runDoctor(url, { artifactsFolder }));
  } catch (error) {
    // Wrong settings, no server, or a database that is none of ours: each says so itself.
    if (error instanceof CliError || !(error instanceof Error)) throw error;
    throw new CliError(`The database cannot be checked: ${error.message}`);
  }
}

/** Uses the embedded server that runs on the folder, or starts it for the time of the look. */
async function onEmbedded<T>(dataDir: string, look: (url: string) => Promise<T>): Promise<T> {
  if (!existsSync(join(dataDir, 'postgres'))) {
    throw new CliError(`There is no database in ${dataDir}: set DATA_DIR or DATABASE_URL.`);
  }
  const { lockDataFolder } = await import('../../persistence/data-folder-lock.js');
  const { attachEmbeddedPostgres, startEmbeddedPostgres } =
    await import('../../persistence/embedded-postgres.js');
  const { StartupError } = await import('../../problems/startup-error.js');
  const lock = await lockDataFolder(dataDir).catch((error: unknown) => {
    // Another process runs on it.
    if (error instanceof StartupError) return null;
    throw error;
  });
  if (lock === null) return look(await attachEmbeddedPostgres(dataDir));
  try {
    const server = await startEmbeddedPostgres(dataDir);
    return await look(server.url).finally(() => server.stop());
  } finally {
    await lock.release();
  }
}
