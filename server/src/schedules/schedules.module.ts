import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { Scheduler } from './scheduler.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesRepository } from './schedules.repository.js';
import { SchedulesService } from './schedules.service.js';

/** Runs that are created at times. */
@Module({
  imports: [RunsModule, TemplatesModule],
  controllers: [SchedulesController],
  providers: [SchedulesRepository, SchedulesService, Scheduler],
})
export class SchedulesModule {}
