import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { CommentsController } from './comments.controller.js';
import { CommentsService } from './comments.service.js';
import { SharesService } from './shares.service.js';
import { SharingController } from './sharing.controller.js';
import { SharingRepository } from './sharing.repository.js';

/** Who else sees a run, and what people say about it. */
@Module({
  imports: [RunsModule, ArtifactsModule],
  controllers: [SharingController, CommentsController],
  providers: [SharingRepository, SharesService, CommentsService],
})
export class SharingModule {}
