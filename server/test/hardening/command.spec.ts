import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runPart } from '../../src/hardening/run-part.js';

const COMMAND = join(import.meta.dirname, '../../bin/orchestrator-harden');

describe('the command orchestrator-harden', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'command of a step '));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** An installation in which the entry prints what it was given. */
  function install(name: string, bin: string, withEntry: boolean): string {
    const root = join(folder, name);
    const command = join(root, bin, 'orchestrator-harden');
    mkdirSync(dirname(command), { recursive: true });
    copyFileSync(COMMAND, command);
    mkdirSync(join(root, 'dist/server/hardening'), { recursive: true });
    const entry = join(root, 'dist/server/hardening/main.js');
    if (withEntry) writeFileSync(entry, 'console.log(JSON.stringify(process.argv.slice(2)));');
    return command;
  }

  it.each(['server/bin', 'dist/server/bin'])(
    'finds the built tools from %s and passes its arguments on',
    (bin) => {
      const command = install(bin.replaceAll('/', '-'), bin, true);
      expect(JSON.parse(execFileSync(command, ['design', 'a b'], { encoding: 'utf8' }))).toEqual([
        'design',
        'a b',
      ]);
    },
  );

  it('says what to do where the server is not built', () => {
    const result = spawnSync(install('unbuilt', 'server/bin', false), ['design'], { encoding: 'utf8' });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('npm run build:server');
  });
});

describe('a part of the hardening tools', () => {
  const environment = { outputFile: null, artifactsDir: tmpdir(), contextFile: null, variables: {} };

  it('is refused by name where it is unknown', async () => {
    await expect(runPart('constructor', tmpdir(), environment)).rejects.toThrow('unknown part "constructor"');
  });

  it('is refused outside of a step', async () => {
    await expect(runPart('design', tmpdir(), { ...environment, artifactsDir: null })).rejects.toThrow(
      'ORCHESTRATOR_ARTIFACTS',
    );
  });
});
