import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Person } from './cli-process.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'dist/server/cli/main.js');

describe('orchestrator in a shell', () => {
  let person: Person;

  beforeAll(async () => {
    person = await Person.on();
    const command = join(person.folder, 'orchestrator');
    await writeFile(command, `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
    await chmod(command, 0o755);
  });
  afterAll(() => person.leave());

  /** What bash would offer after these words, the last of which is being typed. */
  const offered = async (...words: string[]): Promise<string[]> => {
    const script = `source <(orchestrator completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _orchestrator; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', 'orchestrator', ...words], {
      env: { PATH: `${person.folder}:${process.env['PATH'] ?? ''}`, HOME: person.folder },
    });
    return stdout.trim().split('\n');
  };

  it('completes commands, also behind "run", options, and the values of arguments', async () => {
    expect(await offered('wa')).toEqual(['watch']);
    expect(await offered('run', 'wa')).toEqual(['watch']);
    expect(await offered('profiles', '')).toEqual(
      expect.arrayContaining(['list', 'show', 'publish', 'validate']),
    );
    expect(await offered('create', '--pr')).toEqual(['--profile', '--project']);
    expect(await offered('completion', 'b')).toEqual(['bash']);
  });

  it('offers no commands where an option awaits its value', async () => {
    expect(await offered('create', '--profile', '')).toEqual(['']);
  });

  it('prints a completion for zsh too, and knows no other shell', async () => {
    expect((await person.run('completion', 'zsh')).stdout).toMatch(/^#compdef orchestrator/);
    expect(await person.run('completion', 'fish')).toMatchObject({ code: 1 });
  });

  it('helps, says its version, and refuses what it does not know', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await person.run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    const { stdout } = await person.run('--help');
    for (const command of [
      'login',
      'create',
      'list',
      'show',
      'next',
      'watch',
      'logs',
      'artifacts',
      'metrics',
      'pause',
      'resume',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    }
    for (const command of [
      'cancel',
      'retry',
      'clone',
      'approve',
      'reject',
      'worker',
      'doctor',
      'completion',
      'run',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    }
    expect(await person.run('lst')).toMatchObject({ code: 1, stderr: expect.stringContaining('list') });
    expect(await person.run('list', '--limit', '0')).toMatchObject({ code: 1 });
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { stderr } = await run('bash', ['--norc', '-c', 'orchestrator --help | head -1'], {
      env: { PATH: `${person.folder}:${process.env['PATH'] ?? ''}`, HOME: person.folder },
    });
    expect(stderr).toBe('');
  });

  it('runs by a link, as npm installs it, and the package holds what it needs and no tests', async () => {
    const text = await readFile(MAIN, 'utf8');
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    const link = join(person.folder, 'linked');
    await symlink(MAIN, link);
    await expect(run(process.execPath, [link, '--version'])).resolves.toMatchObject({ stderr: '' });
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      maxBuffer: 1e8,
    });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/server/cli/main.js',
        'docs/openapi.json',
        'server/bin/orchestrator-harden',
      ]),
    );
    expect(paths.filter((path) => /\.spec\.|^server\/(src|test)\/|^web\/|\.map$/.test(path))).toEqual([]);
    expect((await stat(join(ROOT, 'server/bin/orchestrator-harden'))).mode & 0o111).not.toBe(0);
  });
});
