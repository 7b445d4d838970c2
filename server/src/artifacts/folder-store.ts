import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, unlink, access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../problems/domain-error.js';
import { ArtifactStore, type StoredBlob } from './artifact-store.js';
import { systemErrorCode } from './system-error.js';

const DIGEST = /^[0-9a-f]{64}$/u;
/** An upload touches its file all the time; one that rests this long (milliseconds) has lost its process. */
const ABANDONED_MS = 60 * 60 * 1000;

/** Contents in a folder, `ab/cd/<sha256>`: names come from digests alone, never from a caller. */
export class FolderStore extends ArtifactStore {
  private readonly incoming: string;

  constructor(private readonly root: string) {
    super();
    this.incoming = join(root, 'incoming');
  }

  /** Makes the folders and removes what an ended process left half written. @param now milliseconds */
  async prepare(now = Date.now()): Promise<void> {
    await mkdir(this.incoming, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.incoming)) {
      await this.removeAbandoned(join(this.incoming, name), now);
    }
  }

  async put(content: Readable, maxBytes: number): Promise<StoredBlob> {
    await mkdir(this.incoming, { recursive: true, mode: 0o700 });
    const temporary = join(this.incoming, randomUUID());
    const meter = new Meter(maxBytes);
    try {
      // `flush`: on the disk before the name says that it is there.
      await pipeline(content, meter, createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }));
      const blob = meter.blob();
      await this.moveIntoPlace(temporary, blob.sha256);
      return blob;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async open(sha256: string, range?: { readonly start: number; readonly end: number }): Promise<Readable> {
    const handle = await open(this.fileOf(sha256), 'r').catch((error: unknown) => {
      if (isMissing(error)) throw contentMissing(sha256);
      throw error;
    });
    return handle.createReadStream(range === undefined ? {} : { start: range.start, end: range.end });
  }

  async has(sha256: string): Promise<boolean> {
    return access(this.fileOf(sha256)).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.fileOf(sha256), { force: true });
  }

  async removePutBefore(sha256: string, time: Date): Promise<boolean> {
    const target = this.fileOf(sha256);
    const taken = join(this.incoming, randomUUID());
    try {
      if ((await stat(target)).mtimeMs >= time.getTime()) return false;
      // Taken away first: what is put from now on is another file, and stays.
      await rename(target, taken);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
    const old = (await stat(taken)).mtimeMs < time.getTime();
    if (old) await unlink(taken);
    else await rename(taken, target);
    return old;
  }

  /** Replaces an equal file where there is one: that is atomic, and mends a damaged copy. */
  private async moveIntoPlace(temporary: string, sha256: string): Promise<void> {
    const target = this.fileOf(sha256);
    const folder = dirname(target);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(temporary, target);
    await syncFolder(folder);
  }

  private fileOf(sha256: string): string {
    if (!DIGEST.test(sha256)) throw contentMissing(sha256);
    return join(this.root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  private async removeAbandoned(file: string, now: number): Promise<void> {
    try {
      if (now - (await stat(file)).mtimeMs > ABANDONED_MS) await unlink(file);
    } catch (error) {
      // Another process has just moved or removed it.
      if (!isMissing(error)) throw error;
    }
  }
}

/** Counts and digests what flows through; fails as soon as it is too much. */
class Meter extends Transform {
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error: Error | null, chunk?: Buffer) => void,
  ): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) {
      done(artifactTooLarge(this.maxBytes));
      return;
    }
    this.hash.update(chunk);
    done(null, chunk);
  }

  blob(): StoredBlob {
    return { sha256: this.hash.digest('hex'), sizeBytes: this.size };
  }
}

/** The refusal of a content that is larger than allowed. @param maxBytes the limit */
export const artifactTooLarge = (maxBytes: number): DomainError =>
  new DomainError(
    413,
    'artifact_too_large',
    `The artifact is larger than ${String(maxBytes)} bytes, the limit for one artifact on this server.`,
  );

const contentMissing = (sha256: string): DomainError =>
  new DomainError(404, 'content_missing', `The content ${sha256} is not in the artifact store.`);

/** Makes a rename survive a power cut. Some systems cannot open a folder; there the rename itself must do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch((error: unknown) => {
    if (['EISDIR', 'EPERM'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  });
  if (handle === null) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => systemErrorCode(error) === 'ENOENT';
