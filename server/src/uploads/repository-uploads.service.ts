import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7, validate } from 'uuid';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { receiveUpload } from '../artifacts/receive-upload.js';
import type { Principal } from '../auth/domain/principal.js';
import { RunWorkspaces } from '../execution/workspace/run-workspace.js';
import { removeTree } from '../execution/workspace/tree-removal.js';
import { MAX_WORKSPACE_BYTES } from '../execution/workspace/workspaces.module.js';
import { DomainError } from '../problems/domain-error.js';
import { packUpload } from './pack-upload.js';
import type { RepositoryUploadEntity } from './repository-upload.entity.js';
import { RepositoryUploadsRepository } from './repository-uploads.repository.js';

const LIMITS = { entries: 100_000, bytes: MAX_WORKSPACE_BYTES };
const NAME = 'repository';
const NAME_LENGTH = 200;

/** Takes repositories that people upload, and gives them to the runs that were created with them. */
@Injectable()
export class RepositoryUploads {
  constructor(
    private readonly uploads: RepositoryUploadsRepository,
    private readonly store: ArtifactStore,
    private readonly workspaces: RunWorkspaces,
  ) {}

  /** @throws DomainError 400 `archive_not_readable`, `bundle_not_readable`; 413 `archive_too_large`, `artifact_too_large` */
  async receive(by: Principal, request: Request): Promise<RepositoryUploadEntity> {
    const folder = await mkdtemp(join(tmpdir(), 'orchestrator-upload-'));
    try {
      const file = join(folder, 'upload');
      const { fields, fileName } = await receiveUpload(request, MAX_WORKSPACE_BYTES, (content) =>
        pipeline(content, limited(MAX_WORKSPACE_BYTES), createWriteStream(file)),
      );
      const name = nameOf(fields['name'] ?? fileName);
      await this.workspaces.git.install();
      const packed = await packUpload(this.workspaces.git, { file, name }, folder, LIMITS);
      const stored = await this.store.put(createReadStream(packed.file), MAX_WORKSPACE_BYTES);
      const { sha256, sizeBytes } = stored;
      const upload = { id: v7(), ownerId: by.userId, name, sha256, sizeBytes };
      const row = { ...upload, commit: packed.commit, createdAt: new Date() };
      await this.uploads.insert(row);
      return row;
    } finally {
      await removeTree(folder);
    }
  }

  /** Says early whether somebody may use an upload. @throws DomainError 400 `repository_not_found` */
  async check(id: string, ownerId: string): Promise<void> {
    const upload = validate(id) ? await this.uploads.find(id) : null;
    if (upload?.ownerId !== ownerId) throw notThere();
  }

  /** @throws DomainError 400 `repository_not_found` */
  async open(id: string): Promise<Readable> {
    const upload = await this.uploads.find(id);
    if (upload === null) throw notThere();
    return this.store.open(upload.sha256);
  }
}

/** What a body may hold that does not say its length. */
function limited(maxBytes: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  };
}

const nameOf = (given: unknown): string => {
  const name = typeof given === 'string' ? basename(given.replaceAll('\\', '/')).trim() : '';
  return name.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, NAME_LENGTH) || NAME;
};

const notThere = (): DomainError =>
  new DomainError(
    400,
    'repository_not_found',
    'There is no such uploaded repository of yours; upload it again.',
  );

const tooLarge = (maxBytes: number): DomainError =>
  new DomainError(413, 'archive_too_large', `The upload is larger than ${maxBytes} bytes.`);
