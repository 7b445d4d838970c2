import { ZipArchive, type ZipEntryData } from 'archiver';
import type { Response } from 'express';
import { PassThrough, type Readable } from 'node:stream';
import type { ArtifactEntity } from './artifact.entity.js';
import type { ArtifactStore } from './artifact-store.js';
import { sendStream } from './send-content.js';

/** Answers with an archive of the artifacts, `phase/path` each, made while it is sent. */
export async function sendZip(
  response: Response,
  artifacts: readonly ArtifactEntity[],
  store: ArtifactStore,
): Promise<void> {
  const archive = new ZipArchive({ zlib: { level: 6 } });
  response.type('application/zip');
  const sent = sendStream(archive, response);
  try {
    await Promise.race([fill(archive, artifacts, store), sent]);
  } catch (error) {
    // The connection breaks, which is the only way to tell that the archive is not whole.
    archive.destroy();
    response.destroy();
    await sent.catch(() => undefined);
    throw error;
  }
  await sent;
}

/** One content at a time is open, however many there are. */
async function fill(
  archive: ZipArchive,
  artifacts: readonly ArtifactEntity[],
  store: ArtifactStore,
): Promise<void> {
  for (const artifact of artifacts) {
    if (archive.destroyed) return;
    const content = await store.open(artifact.sha256);
    const name = `${artifact.phase}/${artifact.path}`;
    try {
      await append(archive, content, { name, date: artifact.createdAt });
    } finally {
      content.destroy();
    }
  }
  await archive.finalize();
}

/** Resolves when the entry is in the archive, or the archive has ended before. */
function append(archive: ZipArchive, content: Readable, entry: ZipEntryData): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.once('entry', () => resolve());
    archive.once('close', () => resolve());
    content.once('error', reject);
    // The archive is given a stream that cannot fail: it has no answer to one that does.
    archive.append(content.pipe(new PassThrough()), entry);
  });
}
