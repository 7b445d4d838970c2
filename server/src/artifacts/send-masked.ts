import type { Response } from 'express';
import { Transform, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { SecretMasker } from '../logs/domain/secret-masker.js';
import type { ArtifactEntity } from './artifact.entity.js';
import type { ArtifactStore } from './artifact-store.js';
import { isTextual } from './domain/media-type.js';
import { fileName } from './domain/safe-path.js';
import { sendStream, setDownloadHeaders } from './send-content.js';

/** Shows a content with secrets masked in it where it is text; it is another one than its digest speaks of. */
export async function sendMasked(
  response: Response,
  artifact: ArtifactEntity,
  store: ArtifactStore,
  secrets: readonly string[],
): Promise<void> {
  const content = await store.open(artifact.sha256);
  setDownloadHeaders(response, fileName(artifact.path), 'inline');
  const textual = isTextual(artifact.mediaType);
  response.set('Content-Type', textual ? `${artifact.mediaType}; charset=utf-8` : artifact.mediaType);
  await sendStream(textual ? masked(content, secrets) : content, response);
}

function masked(content: Readable, secrets: readonly string[]): Readable {
  const masker = new SecretMasker(secrets);
  const decoder = new StringDecoder('utf8');
  const hide = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, masker.push(decoder.write(chunk)));
    },
    flush(done) {
      done(null, masker.push(decoder.end()) + masker.end());
    },
  });
  content.on('error', (error) => hide.destroy(error));
  return content.pipe(hide);
}
