import { once } from 'node:events';
import { createServer } from 'node:net';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import {
  attachEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/persistence/embedded-postgres.js';
import { isAlive } from '../../src/persistence/live-process.js';
import { findSystemUser, giveTo, type PostgresAccount } from '../../src/persistence/postgres-account.js';

const runsAsRoot = process.getuid?.() === 0;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql).finally(() => client.end());
  return rows;
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let server: EmbeddedPostgres | null = null;

  const start = async (): Promise<EmbeddedPostgres> => {
    server = await startEmbeddedPostgres(dataDir, { fsync: 'off' });
    return server;
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
    await rm(dataDir, { recursive: true, force: true });
  });

  it('starts as whoever we are, on loopback, with jit off and UTF-8', async () => {
    const { url } = await start();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(
      await query(url, "SELECT current_setting('jit') AS jit, current_setting('server_encoding') AS enc"),
    ).toEqual([{ jit: 'off', enc: 'UTF8' }]);
  });

  it('keeps its password where only its owner reads it, and lets nobody in without it', async () => {
    const { url } = await start();
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await readdir(dataDir)).not.toContain('postgres.initdb');
  });

  it('continues with its data after a stop', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('has the port that it had before, and another one where that is taken', async () => {
    const first = await start();
    await first.stop();
    const { port } = new URL(first.url);
    expect((await start()).url).toBe(first.url);
    await server?.stop();
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    try {
      expect(new URL((await start()).url).port).not.toBe(port);
    } finally {
      other.close();
    }
  });

  it('takes over the server that a killed parent left', async () => {
    const left = await start();
    const again = await start();
    expect(again).toMatchObject({ pid: left.pid, url: left.url });
  });

  it('recovers after PostgreSQL itself was killed', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(first.pid, 'SIGKILL');
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('starts although an unrelated process has got the id that a crashed server noted', async () => {
    await (await start()).stop();
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n/x\n1\n5432\n\n\n\nready\n`,
    );
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is found by another process of the same data folder', async () => {
    const { url } = await start();
    expect(await attachEmbeddedPostgres(dataDir)).toBe(url);
  });

  it('ends sessions that are open when it stops', async () => {
    const { url, stop } = await start();
    const client = new Client({ connectionString: url });
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await stop();
    expect(String(await ended)).toMatch(/terminat/);
  });

  it('refuses the data of another major version and says what to do', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/belongs to PostgreSQL 15.*runs PostgreSQL 18.*DATABASE_URL/);
  });

  it('says why, where it cannot start', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/did not start: [^]*no_such_setting/);
  });

  it('begins again after a kill in the middle of its first creation', async () => {
    await mkdir(join(dataDir, 'postgres.new'));
    await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  (runsAsRoot ? it : it.skip)('runs as the owner of its data where that is another user', async () => {
    const nobody = findSystemUser('nobody:x:65534:65534::/:/bin/false');
    await (await start()).stop();
    await giveTo(nobody, join(dataDir, 'postgres'));
    const { pid, url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await stat(`/proc/${pid}`)).uid).toBe(65534);
  });

  (runsAsRoot ? it : it.skip)(
    'creates its data as another user, who can see nothing else of the folder',
    async () => {
      await mkdir(join(dataDir, 'postgres'));
      await chown(join(dataDir, 'postgres'), 65534, 65534);
      await rm(join(dataDir, 'postgres.new'), { recursive: true, force: true });
      const { url } = await start();
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect((await stat(dataDir)).mode & 0o777).toBe(0o710);
    },
  );
});

describe('the account for PostgreSQL under root', () => {
  it('is postgres, else nobody', () => {
    const nobody: PostgresAccount = { kind: 'system_user', uid: 65534, gid: 65534 };
    expect(
      findSystemUser('root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:\npostgres:x:70:71::/:'),
    ).toEqual({
      kind: 'system_user',
      uid: 70,
      gid: 71,
    });
    expect(findSystemUser('nobody:x:65534:65534::/:')).toEqual(nobody);
  });

  it('is asked for in a sentence where there is none', () => {
    expect(() => findSystemUser('root:x:0:0::/root:/bin/sh')).toThrow(/cannot run as root.*DATABASE_URL/);
  });
});

describe('the log of PostgreSQL', () => {
  it('does not grow without bound', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postgres-log-'));
    await writeFile(join(folder, 'postgres.log'), Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    const { openPostgresLog } = await import('../../src/persistence/postgres-log.js');
    await (await openPostgresLog(folder)).close();
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).toBe('');
    await rm(folder, { recursive: true });
  });
});
