import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderStore } from '../../src/artifacts/folder-store.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

const MIB = 1024 * 1024;
const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('the artifact store in a folder', () => {
  let folder: TemporaryFolder;
  let store: FolderStore;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = new FolderStore(folder.path);
    await store.prepare();
  });

  afterEach(() => folder.remove());

  const incoming = (): Promise<string[]> => readdir(join(folder.path, 'incoming'));

  async function* zeros(total: number, taken: { bytes: number }): AsyncGenerator<Buffer> {
    const block = Buffer.alloc(64 * 1024);
    for (; taken.bytes < total; taken.bytes += block.length) {
      yield block;
      await Promise.resolve();
    }
  }

  it('gives back what it was given, under its digest', async () => {
    const content = Buffer.from('# Plan\n✓ 日本語\n');
    const blob = await store.put(Readable.from([content]), MIB);
    expect(blob).toEqual({ sha256: digest(content), sizeBytes: content.length });
    expect(await buffer(await store.open(blob.sha256))).toEqual(content);
    expect(await store.has(blob.sha256)).toBe(true);
  });

  it('stores an empty content', async () => {
    const blob = await store.put(Readable.from([]), MIB);
    expect(blob).toEqual({ sha256: digest(Buffer.alloc(0)), sizeBytes: 0 });
    expect(await buffer(await store.open(blob.sha256))).toHaveLength(0);
  });

  it('reads a range with both ends in it', async () => {
    const { sha256 } = await store.put(Readable.from([Buffer.from('0123456789')]), MIB);
    expect((await buffer(await store.open(sha256, { start: 2, end: 4 }))).toString()).toBe('234');
  });

  it('keeps a content once when many put it at the same moment', async () => {
    const content = Buffer.alloc(2 * MIB, 'x');
    const blobs = await Promise.all(
      Array.from({ length: 20 }, () => store.put(Readable.from([content]), 4 * MIB)),
    );
    expect(new Set(blobs.map((blob) => blob.sha256))).toEqual(new Set([digest(content)]));
    const files = await readdir(folder.path, { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile()).map((file) => file.name)).toEqual([digest(content)]);
  });

  it('stops reading an endless content soon after its limit and keeps nothing of it', async () => {
    const taken = { bytes: 0 };
    await expect(store.put(Readable.from(zeros(200 * MIB, taken)), 5 * MIB)).rejects.toMatchObject({
      status: 413,
      code: 'artifact_too_large',
      message: expect.stringContaining(String(5 * MIB)),
    });
    expect(taken.bytes).toBeLessThan(10 * MIB);
    expect(await incoming()).toEqual([]);
  });

  it('accepts a content of exactly the limit', async () => {
    const taken = { bytes: 0 };
    const blob = await store.put(Readable.from(zeros(MIB, taken)), MIB);
    expect(blob.sizeBytes).toBe(MIB);
  });

  it('keeps nothing of a content whose source breaks', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      await Promise.resolve();
      throw new Error('connection lost');
    }
    await expect(store.put(Readable.from(broken()), MIB)).rejects.toThrow('connection lost');
    expect(await incoming()).toEqual([]);
  });

  it('answers a digest that it does not have with content_missing', async () => {
    await expect(store.open('0'.repeat(64))).rejects.toMatchObject({ code: 'content_missing' });
    expect(await store.has('0'.repeat(64))).toBe(false);
  });

  it('never uses anything but a digest as a name', async () => {
    await writeFile(join(folder.path, 'secret'), 'x');
    for (const name of ['../secret', '../../etc/passwd', 'secret', '0'.repeat(63), `${'0'.repeat(63)}/`]) {
      await expect(store.open(name)).rejects.toMatchObject({ code: 'content_missing' });
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'content_missing' });
    }
    expect((await stat(join(folder.path, 'secret'))).size).toBe(1);
  });

  it('removes a content, also when it is gone already', async () => {
    const { sha256 } = await store.put(Readable.from([Buffer.from('x')]), MIB);
    await store.remove(sha256);
    await store.remove(sha256);
    expect(await store.has(sha256)).toBe(false);
  });

  it('removes an old content, but none that was put again since', async () => {
    const again = (): Promise<{ sha256: string }> => store.put(Readable.from([Buffer.from('x')]), MIB);
    const { sha256 } = await again();
    const file = join(folder.path, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    const [old, hourAgo] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
    await utimes(file, old, old);
    await again();
    expect(await store.removePutBefore(sha256, hourAgo)).toBe(false);
    expect(await store.has(sha256)).toBe(true);
    await utimes(file, old, old);
    expect(await store.removePutBefore(sha256, hourAgo)).toBe(true);
    expect([await store.has(sha256), await incoming()]).toEqual([false, []]);
    expect(await store.removePutBefore(sha256, hourAgo)).toBe(false);
  });

  it('clears what ended processes left half written, but not what is being written', async () => {
    await mkdir(join(folder.path, 'incoming'), { recursive: true });
    const [left, current] = [join(folder.path, 'incoming', 'left'), join(folder.path, 'incoming', 'current')];
    await Promise.all([writeFile(left, 'half'), writeFile(current, 'half')]);
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(left, twoHoursAgo, twoHoursAgo);
    await store.prepare();
    expect(await incoming()).toEqual(['current']);
  });
});
