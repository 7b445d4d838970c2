import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { WorkspacesModule } from '../execution/workspace/workspaces.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { RetentionController } from './retention.controller.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';

/** What is kept no longer. */
@Module({
  imports: [RunsModule, ArtifactsModule, WorkspacesModule],
  controllers: [RetentionController],
  providers: [RetentionRepository, RetentionService],
})
export class RetentionModule {}
