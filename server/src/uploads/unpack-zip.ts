import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry } from 'yauzl';
import { DomainError } from '../problems/domain-error.js';
import { judgeEntry, type ZipLimits } from './domain/zip-entry.js';

/**
 * Unpacks a ZIP archive into an empty folder.
 * @returns the number of files
 * @throws DomainError 400 `archive_not_readable`, 413 `archive_too_large` by what it says and by what it really holds
 */
export async function unpackZip(file: string, folder: string, limits: ZipLimits): Promise<number> {
  try {
    return await unpack(file, folder, limits);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw notReadable(`The archive cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`);
  }
}

async function unpack(file: string, folder: string, limits: ZipLimits): Promise<number> {
  const zip = await openPromise(file, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
  });
  try {
    if (zip.entryCount > limits.entries) throw tooLarge(`more than ${limits.entries} entries`);
    let files = 0;
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      const judged = judgeEntry({ ...entry, isEncrypted: entry.isEncrypted() });
      if ('refused' in judged) throw notReadable(judged.refused);
      bytes += entry.uncompressedSize;
      if (bytes > limits.bytes) throw tooLarge(`more than ${limits.bytes} bytes unpacked`);
      const target = join(folder, entry.fileName);
      if (judged.kind === 'folder') {
        await mkdir(target, { recursive: true });
        continue;
      }
      files += 1;
      await write(zip, entry, target, judged.kind === 'executable' ? 0o755 : 0o644);
    }
    return files;
  } finally {
    zip.close();
  }
}

/** `wx`: an archive that names a file twice, or a file and a folder alike, is refused. */
async function write(
  zip: Awaited<ReturnType<typeof openPromise>>,
  entry: Entry,
  target: string,
  mode: number,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // The size that was counted is enforced while it is unpacked.
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { flags: 'wx', mode }));
}

const notReadable = (detail: string): DomainError => new DomainError(400, 'archive_not_readable', detail);

const tooLarge = (what: string): DomainError =>
  new DomainError(413, 'archive_too_large', `The archive has ${what}, which is the limit.`);
