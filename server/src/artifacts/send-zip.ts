import { ZipArchive } from 'archiver';
import type { Response } from 'express';
import { Readable } from 'node:stream';
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
  // Whatever fails while filling, here or at the caller's end, ends the other side too.
  const filled = fill(archive, artifacts, store).catch((error: unknown) => archive.destroy(asError(error)));
  await sendStream(archive, response);
  await filled;
}

/** One content at a time is open, however many there are. */
async function fill(
  archive: ZipArchive,
  artifacts: readonly ArtifactEntity[],
  store: ArtifactStore,
): Promise<void> {
  const ended = new Promise((resolve) => archive.once('close', resolve));
  for (const artifact of artifacts) {
    if (archive.destroyed) return;
    const name = `${artifact.phase}/${artifact.path}`;
    const written = new Promise((resolve) => archive.once('entry', resolve));
    archive.append(Readable.from(contentOf(artifact, store)), { name, date: artifact.createdAt });
    await Promise.race([written, ended]);
  }
  await archive.finalize();
}

async function* contentOf(artifact: ArtifactEntity, store: ArtifactStore): AsyncGenerator<Buffer> {
  yield* (await store.open(artifact.sha256)) as AsyncIterable<Buffer>;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
