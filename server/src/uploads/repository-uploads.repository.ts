import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RepositoryUploadEntity } from './repository-upload.entity.js';

/** Uploaded repositories. */
@Injectable()
export class RepositoryUploadsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(upload: RepositoryUploadEntity): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO blobs (sha256, size_bytes, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (sha256) DO UPDATE SET created_at = greatest(blobs.created_at, excluded.created_at)`,
        [upload.sha256, upload.sizeBytes, upload.createdAt],
      );
      await tx.insert(RepositoryUploadEntity, upload);
    });
  }

  find(id: string): Promise<RepositoryUploadEntity | null> {
    return this.dataSource.manager.findOneBy(RepositoryUploadEntity, { id });
  }
}
