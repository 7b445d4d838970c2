import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppConfig } from '../config/app-config.js';
import type { EvidenceArtifact } from '../governance/domain/evidence.js';
import type { ProducedArtifact } from '../execution/executors/executor.js';
import type { ArtifactType } from '../workflow/domain/profile.js';
import { ArtifactStore, type StoredBlob } from './artifact-store.js';
import type { ArtifactEntity } from './artifact.entity.js';
import { classify } from './domain/classify.js';
import { mediaTypeOf, SNIFF_BYTES } from './domain/media-type.js';
import { normaliseArtifactPath } from './domain/safe-path.js';
import { openRealFile } from './real-file.js';

/** A content in the store, described and ready to be recorded. */
export interface KeptContent {
  /** Normalised. */
  readonly path: string;
  readonly artifactType: ArtifactType;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly description: string | null;
}

/** A content in the store, with its first bytes. */
export interface StoredContent extends StoredBlob {
  readonly head: Uint8Array;
}

/**
 * Describes a stored content by what was declared, else by its path and first bytes.
 * @throws DomainError `invalid_path` (400)
 */
export function describeContent(
  stored: StoredContent,
  declared: {
    readonly path: string;
    readonly type: ArtifactType | null;
    readonly description: string | null;
  },
): KeptContent {
  const path = normaliseArtifactPath(declared.path);
  return {
    path,
    artifactType: declared.type ?? classify(path),
    mediaType: mediaTypeOf(path, stored.head),
    sizeBytes: stored.sizeBytes,
    sha256: stored.sha256,
    description: declared.description,
  };
}

/** Puts contents into the store and reads them back. */
@Injectable()
export class ArtifactContents {
  constructor(
    private readonly store: ArtifactStore,
    private readonly config: AppConfig,
  ) {}

  /** Puts a stream into the store. @throws DomainError `artifact_too_large` beyond the limit of this server */
  async put(content: Readable): Promise<StoredContent> {
    const head = new Head();
    const blob = await this.store.put(Readable.from(head.watch(content)), this.config.limits.artifactBytes);
    return { ...blob, head: head.bytes() };
  }

  /** Puts a file that a step produced. @throws NotARealFile where it has become a link since it was collected */
  async keepProduced(produced: ProducedArtifact): Promise<KeptContent> {
    const handle = await openRealFile(produced.file);
    return describeContent(await this.put(handle.createReadStream()), produced);
  }

  /** A recorded artifact as gates judge it. */
  asEvidence(artifact: ArtifactEntity): EvidenceArtifact {
    const { path, artifactType: type, mediaType, sizeBytes, sha256, createdAt } = artifact;
    const read = (limit: number): Promise<Buffer> => this.readHead(sha256, sizeBytes, limit);
    return { path, type, mediaType, sizeBytes, sha256, createdAt, read };
  }

  private async readHead(sha256: string, sizeBytes: number, limit: number): Promise<Buffer> {
    const length = Math.min(limit, sizeBytes);
    if (length <= 0) return Buffer.alloc(0);
    return buffer(await this.store.open(sha256, { start: 0, end: length - 1 }));
  }
}

/** Lets everything through and remembers the first bytes. */
class Head {
  private readonly parts: Buffer[] = [];
  private size = 0;

  async *watch(content: Readable): AsyncGenerator<Buffer> {
    for await (const piece of content as AsyncIterable<Buffer>) {
      if (this.size < SNIFF_BYTES) this.remember(piece.subarray(0, SNIFF_BYTES - this.size));
      yield piece;
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }

  private remember(part: Buffer): void {
    this.parts.push(part);
    this.size += part.length;
  }
}
