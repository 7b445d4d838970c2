import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { WorkspacesModule } from '../execution/workspace/workspaces.module.js';
import { RepositoryUploadsController } from './repository-uploads.controller.js';
import { RepositoryUploadsRepository } from './repository-uploads.repository.js';
import { RepositoryUploads } from './repository-uploads.service.js';

/** Repositories that people upload for runs. */
@Module({
  imports: [ArtifactsModule, AuthModule, WorkspacesModule],
  controllers: [RepositoryUploadsController],
  providers: [RepositoryUploads, RepositoryUploadsRepository],
  exports: [RepositoryUploads],
})
export class UploadsModule {}
