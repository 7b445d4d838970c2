// The typed client of the `orchestrator` command: types of every operation, and where each is found.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { root } from './tree.mjs';

const DOCUMENT = join(root, 'docs', 'openapi.json');
const FOLDER = join(root, 'server', 'src', 'cli', 'api', 'generated');
const TYPES = 'types.gen.ts';
const OPERATIONS = 'operations.gen.ts';

/** Writes the client; with `check` only says whether the one in the tree is up to date. */
export async function cliClient({ check }) {
  const folder = check ? mkdtempSync(join(tmpdir(), 'orchestrator-client-')) : FOLDER;
  try {
    await createClient({
      input: DOCUMENT,
      output: { path: folder, entryFile: false, module: { extension: '.js' } },
      plugins: ['@hey-api/typescript'],
      logs: { level: 'silent', file: false },
    });
    writeFileSync(join(folder, OPERATIONS), operations());
    if (!check || [TYPES, OPERATIONS].every((file) => read(folder, file) === read(FOLDER, file))) return 0;
    console.error(
      `${FOLDER} is not what docs/openapi.json says: run \`npm run openapi\` and commit the result.`,
    );
    return 1;
  } finally {
    if (check) rmSync(folder, { recursive: true, force: true });
  }
}

const read = (folder, file) => readFileSync(join(folder, file), 'utf8');

function operations() {
  const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      // Addresses that only send a browser elsewhere answer no program.
      .filter(([, { responses }]) => Object.keys(responses).some((status) => status.startsWith('2')))
      .map(([method, { operationId }]) => ({ operationId, method, path })),
  );
  return [
    '// This file is auto-generated from docs/openapi.json',
    '',
    "import type * as types from './types.gen.js';",
    '',
    'export interface Operations {',
    ...all.map(({ operationId }) => `  ${operationId}: ${typesOf(operationId)};`),
    '}',
    '',
    'export const OPERATIONS = {',
    ...all.map(
      ({ operationId, method, path }) =>
        `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`,
    ),
    '} as const satisfies Record<keyof Operations, { method: string; path: string }>;',
    '',
  ].join('\n');
}

function typesOf(operationId) {
  const name = operationId[0].toUpperCase() + operationId.slice(1);
  return `{ request: types.${name}Data; answers: types.${name}Responses }`;
}
