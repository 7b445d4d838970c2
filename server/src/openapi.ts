import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { buildApiDocument } from './api-document.js';
import { AppModule } from './app.module.js';
import { AppConfig } from './config/app-config.js';
import { readEnvironment } from './config/read-environment.js';

const USAGE = 'Usage: node dist/server/openapi.js FILE [--check]';

/** Writes the OpenAPI document to a file, or with `--check` says whether the file is up to date (exit code 1: no). */
async function main(file: string | undefined, option: string | undefined): Promise<number> {
  if (file === undefined) throw new Error(USAGE);
  const text = await currentDocument();
  if (option !== '--check') {
    await writeFile(file, text);
    return 0;
  }
  const landed = await readFile(file, 'utf8').catch(() => '');
  if (landed === text) return 0;
  process.stderr.write(`${file} is not what the code says: run \`npm run openapi\` and commit the result.\n`);
  return 1;
}

/** Nothing is connected to or started: a preview only reads the metadata of the controllers. */
async function currentDocument(): Promise<string> {
  const config = new AppConfig({ ...readEnvironment({}, '/'), secretKey: '' });
  const app = await NestFactory.create(AppModule.of(config), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return `${JSON.stringify(buildApiDocument(app), null, 2)}\n`;
}

main(process.argv[2], process.argv[3]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
