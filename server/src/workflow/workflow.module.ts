import { Module } from '@nestjs/common';
import { ProfileSeeder } from './profile-seeder.js';
import { ProfilesController } from './profiles.controller.js';
import { ProfilesRepository } from './profiles.repository.js';
import { SchemasController } from './schemas.controller.js';
import { WorkflowService } from './workflow.service.js';

/** What can be run: profiles, their validation and their versions. */
@Module({
  controllers: [ProfilesController, SchemasController],
  providers: [ProfilesRepository, WorkflowService, ProfileSeeder],
  exports: [WorkflowService],
})
export class WorkflowModule {}
