import type { Readable } from 'node:stream';

/** Content-addressed storage of artifact contents: a folder now, any S3-compatible bucket behind the same interface. */
export abstract class ArtifactStore {
  /**
   * Stores a stream and returns its digest and size. The same content is stored once.
   * @throws DomainError `artifact_too_large` (413) when the stream passes `maxBytes`; nothing is kept then.
   */
  abstract put(content: Readable, maxBytes: number): Promise<StoredBlob>;

  /** Opens a content, or the byte range `start`–`end` (inclusive) of it. @throws when it is not there. */
  abstract open(sha256: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;

  abstract has(sha256: string): Promise<boolean>;

  abstract remove(sha256: string): Promise<void>;

  /** Removes a content, unless it was put again after `time`. False where it stays, or was not there. */
  abstract removePutBefore(sha256: string, time: Date): Promise<boolean>;
}

export interface StoredBlob {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}
