import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/runs.module.js';
import { LiveModule } from './live.module.js';
import { RunEventsController } from './run-events.controller.js';
import { RunEventsRepository } from './run-events.repository.js';

/** Histories and live events over HTTP. */
@Module({
  imports: [LiveModule, RunsModule],
  controllers: [RunEventsController],
  providers: [RunEventsRepository],
})
export class LiveApiModule {}
