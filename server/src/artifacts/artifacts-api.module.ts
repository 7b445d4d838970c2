import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { ArtifactUploads } from './artifact-uploads.js';
import { ArtifactsController } from './artifacts.controller.js';
import { ArtifactsModule } from './artifacts.module.js';

/** Artifacts over HTTP. */
@Module({
  imports: [ArtifactsModule, RunsModule, SecretsModule],
  controllers: [ArtifactsController],
  providers: [ArtifactUploads],
})
export class ArtifactsApiModule {}
