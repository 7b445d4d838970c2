import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { RunWorkspaces } from '../../src/execution/workspace/run-workspace.js';
import { git, hostPath, makeRepository, temporaryFolder, workspaceSettings } from './repositories.js';

describe('a repository behind an https URL', () => {
  let base: string;
  let server: Server;
  let origin: string;
  let workspaces: RunWorkspaces;
  const runId = uuid();

  /** Serves a folder over https, with a certificate that only `caFile` vouches for. */
  beforeEach(async () => {
    base = temporaryFolder();
    mkdirSync(join(base, 'www'));
    const [key, caFile] = [join(base, 'key.pem'), join(base, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const files = ['-nodes', '-keyout', key, '-out', caFile, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject], {
      stdio: 'ignore',
    });
    server = createServer({ key: readFileSync(key), cert: readFileSync(caFile) }, (request, response) => {
      const path = new URL(request.url ?? '/', 'https://localhost').pathname;
      const file = join(base, 'www', path);
      // With its query, as Git wants it of a redirect that it would follow.
      if (path.startsWith('/moved'))
        response.writeHead(302, { location: request.url?.replace('/moved', '') }).end();
      else if (path.startsWith('/silent')) request.resume();
      else if (existsSync(file) && statSync(file).isFile()) createReadStream(file).pipe(response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    origin = `https://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    workspaces = new RunWorkspaces(workspaceSettings(base, { allowPrivateHosts: true, caFile }));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(base, { recursive: true, force: true });
  });

  /** Publishes a repository the way a plain web server does. */
  function publish(name: string, source: string): void {
    git(base, 'clone', '--quiet', '--bare', source, join(base, 'www', name));
    git(join(base, 'www', name), 'update-server-info');
  }

  const url = (path: string, ref: string | null = null) =>
    ({ kind: 'url', url: `${origin}${path}`, ref }) as const;

  it('is fetched at its HEAD, or at a branch', async () => {
    const source = makeRepository(join(base, 'source'), { 'a.txt': 'one' });
    git(source, 'branch', 'old');
    git(source, 'commit', '--quiet', '--allow-empty', '--message=Second');
    publish('a.git', source);
    expect((await workspaces.prepare(runId, url('/a.git'))).baseCommit).toBe(
      git(source, 'rev-parse', 'HEAD'),
    );
    expect((await workspaces.prepare(uuid(), url('/a.git', 'old'))).baseCommit).toBe(
      git(source, 'rev-parse', 'old'),
    );
  });

  it('is an empty one where it has no commits', async () => {
    git(base, 'init', '--quiet', '--initial-branch=main', join(base, 'source'));
    publish('new.git', join(base, 'source'));
    const { baseCommit } = await workspaces.prepare(runId, url('/new.git'));
    expect(await workspaces.listFiles(runId, baseCommit)).toEqual([]);
  });

  it('is not found where the server has none, or not that branch', async () => {
    publish('a.git', makeRepository(join(base, 'source'), { 'a.txt': 'one' }));
    await expect(workspaces.prepare(runId, url('/absent.git'))).rejects.toMatchObject({
      code: 'repository_not_found',
    });
    await expect(workspaces.prepare(runId, url('/a.git', 'absent'))).rejects.toMatchObject({
      code: 'ref_not_found',
    });
  });

  it('is not followed to another place', async () => {
    publish('a.git', makeRepository(join(base, 'source'), { 'a.txt': 'one' }));
    await expect(workspaces.prepare(runId, url('/moved/a.git'))).rejects.toMatchObject({
      code: 'repository_not_found',
    });
  });

  it('is fetched from the addresses that were judged, whatever its name leads to later', async () => {
    publish('a.git', makeRepository(join(base, 'source'), { 'a.txt': 'one' }));
    const [bin, told] = [join(base, 'bin'), join(base, 'told')];
    mkdirSync(bin);
    const lines = [
      '#!/bin/sh',
      `echo "$GIT_CONFIG_KEY_0=$GIT_CONFIG_VALUE_0 of $GIT_CONFIG_COUNT" >> ${told}`,
    ];
    const script = [...lines, `PATH='${hostPath}' exec git "$@"`].join('\n');
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const environment = { PATH: `${bin}:${hostPath}` };
    const caFile = join(base, 'cert.pem');
    const watched = new RunWorkspaces(
      workspaceSettings(base, { allowPrivateHosts: true, caFile, environment }),
    );
    await watched.prepare(runId, url('/a.git'));
    const { port } = new URL(origin);
    expect(readFileSync(told, 'utf8')).toContain(`http.curloptResolve=127.0.0.1:${port}:127.0.0.1 of 1\n`);
  });

  it('is not believed without a certificate that is trusted', async () => {
    publish('a.git', makeRepository(join(base, 'source'), { 'a.txt': 'one' }));
    const strict = new RunWorkspaces(workspaceSettings(base, { allowPrivateHosts: true }));
    await expect(strict.prepare(runId, url('/a.git'))).rejects.toMatchObject({
      code: 'repository_not_found',
    });
  });

  it('is given up at the time limit', async () => {
    const settings = workspaceSettings(base, { allowPrivateHosts: true, caFile: join(base, 'cert.pem') });
    const hasty = new RunWorkspaces({ ...settings, limits: { ...settings.limits, fetchTimeoutMs: 500 } });
    await expect(hasty.prepare(runId, url('/silent.git'))).rejects.toMatchObject({ code: 'git_timeout' });
  });
});
