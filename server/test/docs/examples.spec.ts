import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, startProcess, until, type StartedProcess } from '../startup/processes.js';
import { missingOutput, promisedOutput, readDocument, scriptIn } from './documents.js';

const EMAIL = 'admin@example.org';
const PASSWORD = 'correct horse battery staple';
/** The first steps harden a repository from beginning to end, on a machine that may be busy. */
const PATIENCE_MS = 10 * 60_000;

/** How a script of each language is run. Python may be absent: its examples are then skipped, and only those. */
const RUNNERS = {
  bash: { file: 'example.sh', command: ['bash', '-euo', 'pipefail'], present: true },
  python: { file: 'example.py', command: ['python3'], present: isThere('python3') },
  ts: { file: 'example.mts', command: [process.execPath], present: true },
} as const;
type Language = keyof typeof RUNNERS;

describe('the examples of the documents, run as they are printed', () => {
  let folder: string;
  let server: StartedProcess;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orchestrator-docs-'));
    const repository = await makeRepository(join(folder, 'repositories'));
    const port = await freePort();
    server = startProcess({
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      REPOSITORY_ROOTS: join(folder, 'repositories'),
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
    });
    await until(() => server.output().includes('is ready'), server.output);
    environment = {
      ORCHESTRATOR_SERVER: `http://127.0.0.1:${port}`,
      ORCHESTRATOR_EMAIL: EMAIL,
      ORCHESTRATOR_PASSWORD: PASSWORD,
      REPOSITORY: repository,
    };
    environment['ORCHESTRATOR_API_KEY'] = await makeKey(environment['ORCHESTRATOR_SERVER'] ?? '');
  });

  afterAll(async () => {
    server.child.kill('SIGTERM');
    await server.exited;
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['README.md', 'bash'],
    ['docs/api.md', 'bash'],
    ['docs/api.md', 'python'],
    ['docs/api.md', 'ts'],
  ] as const)(
    '%s: the examples in %s end well and print what they say',
    async (document, language) => {
      const script = scriptIn(await readDocument(document), language);
      const promised = promisedOutput(script);
      expect(promised).not.toEqual([]);
      if (!RUNNERS[language].present) {
        console.warn(`Skipped: there is no ${RUNNERS[language].command[0]} on this machine.`);
        return;
      }
      const { code, printed } = await runScript(language, script);
      expect({ code, missing: missingOutput(promised, printed), printed }).toEqual({
        code: 0,
        missing: [],
        printed,
      });
    },
    PATIENCE_MS,
  );

  async function runScript(
    language: Language,
    script: string,
  ): Promise<{ code: number | string; printed: string }> {
    const { file, command } = RUNNERS[language];
    const cwd = await mkdtemp(join(folder, `${language}-`));
    await writeFile(join(cwd, file), script);
    const [program, ...options] = command;
    const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, ...environment };
    return new Promise((resolve) => {
      execFile(program, [...options, file], { cwd, env, timeout: PATIENCE_MS }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.code ?? 'a signal'), printed: `${stdout}${stderr}` });
      });
    });
  }
});

function isThere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

async function makeKey(server: string): Promise<string> {
  const send = async <T>(path: string, headers: Record<string, string>, body: object): Promise<T> => {
    const answer = await fetch(server + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  };
  const { access_token: token } = await send<{ access_token: string }>(
    '/auth/login',
    {},
    { email: EMAIL, password: PASSWORD },
  );
  const headers = { Authorization: `Bearer ${token}` };
  return (await send<{ key: string }>('/api-keys', headers, { name: 'examples' })).key;
}

/** A small repository with a test of its own and something to mend. */
async function makeRepository(folder: string): Promise<string> {
  const repository = join(folder, 'demo');
  const scripts = { test: 'node --test' };
  const files = {
    'package.json': JSON.stringify({ name: 'demo', version: '1.0.0', type: 'module', scripts }, null, 2),
    'README.md': '# Demo\n',
    'add.js': 'export const add = (a, b) => a + b;\n',
    'add.test.js': [
      "import { test } from 'node:test';",
      "import assert from 'node:assert/strict';",
      "import { add } from './add.js';",
      "test('adds', () => assert.equal(add(2, 3), 5));",
      '',
    ].join('\n'),
    '.DS_Store': 'left behind by a desktop\n',
  };
  await mkdir(repository, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(repository, name), content);
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', args, { cwd: repository, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=Demo', '-c', 'user.email=demo@example.org', 'commit', '--quiet', '--message=Begin');
  return repository;
}
