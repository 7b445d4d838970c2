import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { insertBlobs } from '../artifacts/artifacts.repository.js';
import { RepositoryUploadEntity } from './repository-upload.entity.js';

/** Uploaded repositories. */
@Injectable()
export class RepositoryUploadsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(upload: RepositoryUploadEntity): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await insertBlobs(tx, [upload], upload.createdAt);
      await tx.insert(RepositoryUploadEntity, upload);
    });
  }

  find(id: string): Promise<RepositoryUploadEntity | null> {
    return this.dataSource.manager.findOneBy(RepositoryUploadEntity, { id });
  }
}
