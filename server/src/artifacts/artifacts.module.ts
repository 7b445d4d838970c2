import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { ArtifactContents } from './artifact-contents.js';
import { ArtifactStore } from './artifact-store.js';
import { ArtifactsRepository } from './artifacts.repository.js';
import { FolderStore } from './folder-store.js';

async function openStore(config: AppConfig): Promise<ArtifactStore> {
  const store = new FolderStore(join(config.dataDir, 'artifacts'));
  await store.prepare();
  return store;
}

/** The store and the records of artifacts. Depends on no other feature; the routes are in ArtifactsApiModule. */
@Module({
  providers: [
    { provide: ArtifactStore, useFactory: openStore, inject: [AppConfig] },
    ArtifactContents,
    ArtifactsRepository,
  ],
  exports: [ArtifactStore, ArtifactContents, ArtifactsRepository],
})
export class ArtifactsModule {}
