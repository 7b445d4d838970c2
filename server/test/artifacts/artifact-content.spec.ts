import { createHash, randomBytes } from 'node:crypto';
import { readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { ArtifactStore } from '../../src/artifacts/artifact-store.js';
import { OWNER, startRunDataApp, type RunDataApp } from '../live/run-data-app.js';
import { seedRun } from '../live/seed-run.js';

describe('artifact content', () => {
  let server: RunDataApp;
  let runId: string;

  beforeAll(async () => {
    server = await startRunDataApp();
    runId = await seedRun(server.database.dataSource, server.ownerId);
  }, 60_000);
  afterAll(() => server.close());

  async function put(
    path: string,
    content: string | Uint8Array<ArrayBuffer>,
    phase = 'planning',
  ): Promise<string> {
    const query = new URLSearchParams({ phase, path });
    const response = await fetch(`${server.url}/runs/${runId}/artifacts?${query.toString()}`, {
      method: 'POST',
      headers: { ...server.as(OWNER), 'content-type': 'application/octet-stream' },
      body: content,
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { artifact_id: string }).artifact_id;
  }

  const get = (
    id: string,
    headers: Record<string, string> = {},
    query = '',
    method = 'GET',
  ): Promise<Response> =>
    fetch(`${server.url}/runs/${runId}/artifacts/${id}/content${query}`, {
      method,
      headers: { ...server.as(OWNER), ...headers },
    });

  const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

  describe('the content of an artifact', () => {
    it('is the bytes that were uploaded, with the digest as ETag and nothing to sniff', async () => {
      const content = new Uint8Array(randomBytes(3 * 1024 * 1024));
      const id = await put('random.bin', content);
      const response = await get(id);
      expect(response.status).toBe(200);
      expect(response.headers.get('etag')).toBe(`"${sha256(content)}"`);
      expect(response.headers.get('content-length')).toBe(String(content.length));
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    });

    it('is not sent again to whom has it', async () => {
      const id = await put('a.md', 'words');
      const response = await get(id, { 'if-none-match': `"${sha256('words')}"` });
      expect([response.status, await response.text()]).toEqual([304, '']);
      expect((await get(id, { 'if-none-match': '"other"' })).status).toBe(200);
    });

    it.each([
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ])('answers %s with that part', async (range, expected, contentRange) => {
      const id = await put('digits.txt', '0123456789').catch(async () => digits());
      const response = await get(id, { range });
      expect([response.status, await response.text()]).toEqual([206, expected]);
      expect(response.headers.get('content-range')).toBe(contentRange);
      expect(response.headers.get('content-length')).toBe(String(expected.length));
    });

    it('answers a range outside with 416 and the size', async () => {
      const response = await get(await put('ten.txt', '9876543210'), { range: 'bytes=10-' });
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe('bytes */10');
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(((await response.json()) as { code: string }).code).toBe('range_not_satisfiable');
    });

    it('sends all of it for several ranges, an unreadable one, or one of an older content', async () => {
      const id = await put('whole.txt', 'abcdefghij');
      for (const headers of [
        { range: 'bytes=0-1,4-5' },
        { range: 'lines=1-2' },
        { range: 'bytes=2-4', 'if-range': '"another"' },
      ]) {
        const response = await get(id, headers);
        expect([response.status, await response.text()]).toEqual([200, 'abcdefghij']);
      }
    });

    it('answers HEAD with the headers alone', async () => {
      const response = await get(await put('head.md', 'words!'), {}, '', 'HEAD');
      expect([response.status, response.headers.get('content-length')]).toEqual([200, '6']);
      expect(await response.text()).toBe('');
    });

    it('is named safely whatever its name', async () => {
      const id = await put('notes/"; filename=evil.exe; 📊 דוח.md', 'x');
      const disposition = (await get(id)).headers.get('content-disposition') ?? '';
      expect(disposition).toMatch(/^attachment; filename="/u);
      expect(disposition).toContain('\\"; filename=evil.exe;');
      expect(disposition).toContain(
        `filename*=UTF-8''${encodeURIComponent('"; filename=evil.exe; 📊 דוח.md')}`,
      );
    });

    it('can be shown by a browser only where it can do nothing', async () => {
      const id = await put('page.html', '<script>fetch("/users")</script>');
      const response = await get(id, {}, '?disposition=inline');
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-disposition')).toMatch(/^inline;/u);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^sandbox;/u);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('allow-');
      expect((await get(id, {}, '?disposition=script')).status).toBe(400);
    });

    it('that is missing from the store is a problem, not an empty file', async () => {
      const id = await put('gone.md', 'gone');
      await server.app.get(ArtifactStore).remove(sha256('gone'));
      const response = await get(id);
      expect(response.status).toBe(404);
      expect(((await response.json()) as { code: string }).code).toBe('content_missing');
      expect(response.headers.get('content-disposition')).toBeNull();
    });

    it('is closed when the reader leaves in the middle', async () => {
      const id = await put('large.bin', new Uint8Array(20 * 1024 * 1024).fill(7));
      const before = await openStoreFiles();
      const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
      const { 'x-user-id': user, 'x-user-email': email } = server.as(OWNER);
      socket.write(
        `GET /runs/${runId}/artifacts/${id}/content HTTP/1.1\r\nHost: x\r\nX-User-Id: ${user ?? ''}\r\nX-User-Email: ${email ?? ''}\r\n\r\n`,
      );
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
      expect(await openStoreFiles()).toBeGreaterThan(before);
      socket.destroy();
      await expectSoon(async () => (await openStoreFiles()) === before);
      expect((await get(id, { range: 'bytes=0-0' })).status).toBe(206);
    });

    async function digits(): Promise<string> {
      const response = await fetch(`${server.url}/runs/${runId}/artifacts`, { headers: server.as(OWNER) });
      const list = (await response.json()) as {
        artifacts_by_phase: Record<string, { path: string; artifact_id: string }[]>;
      };
      const found = list.artifacts_by_phase['planning']?.find((artifact) => artifact.path === 'digits.txt');
      return found?.artifact_id ?? '';
    }

    /** Files of the store that this process has open, as the system counts them. */
    async function openStoreFiles(): Promise<number> {
      const links = (await readdir('/proc/self/fd')).map((fd) =>
        readlink(join('/proc/self/fd', fd)).catch(() => ''),
      );
      return (await Promise.all(links)).filter((target) => target.startsWith(server.dataDir)).length;
    }

    async function expectSoon(condition: () => Promise<boolean>): Promise<void> {
      const deadline = Date.now() + 5000;
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error('The condition was not met within 5 s');
        await new Promise(setImmediate);
      }
    }
  });

  describe('the archive of a run', () => {
    const download = async (query = ''): Promise<{ response: Response; files: Map<string, string> }> => {
      const response = await fetch(`${server.url}/runs/${runId}/artifacts.zip${query}`, {
        headers: server.as(OWNER),
      });
      const zip = await fromBufferPromise(Buffer.from(await response.clone().arrayBuffer()));
      const files = new Map<string, string>();
      for await (const entry of zip.eachEntry())
        files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
      return { response, files };
    };

    it('is an archive without entries for a run without artifacts', async () => {
      runId = await seedRun(server.database.dataSource, server.ownerId);
      const { response, files } = await download();
      expect([response.status, response.headers.get('content-type'), files.size]).toEqual([
        200,
        'application/zip',
        0,
      ]);
      expect(response.headers.get('content-disposition')).toContain('artifacts.zip');
    });

    it('holds the newest version of each path under its phase, with names in any script', async () => {
      await put('a.md', 'old');
      await put('a.md', 'new');
      await put('docs/דוח 📊.md', 'report');
      await put('empty.txt', '', 'building');
      const { files } = await download();
      expect(Object.fromEntries(files)).toEqual({
        'planning/a.md': 'new',
        'planning/docs/דוח 📊.md': 'report',
        'building/empty.txt': '',
      });
      expect([...(await download('?phase=building')).files.keys()]).toEqual(['building/empty.txt']);
    });

    it('holds many files without opening them all at once', async () => {
      for (let index = 0; index < 150; index++)
        await put(`many/${String(index)}.txt`, `content ${String(index)}`);
      const { files } = await download();
      expect(files.size).toBe(153);
      expect(files.get('planning/many/149.txt')).toBe('content 149');
    }, 60_000);

    it('breaks off where a content is missing, instead of ending as if it were whole', async () => {
      await put('z-lost.md', 'lost');
      await server.app.get(ArtifactStore).remove(sha256('lost'));
      const response = await fetch(`${server.url}/runs/${runId}/artifacts.zip`, {
        headers: server.as(OWNER),
      });
      await expect(response.arrayBuffer()).rejects.toThrow();
    });
  });
});
