import { Module } from '@nestjs/common';
import { LiveModule } from '../live/live.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { LogReader } from './log-reader.js';
import { LogsController } from './logs.controller.js';
import { LogsModule } from './logs.module.js';

/** Logs over HTTP. */
@Module({
  imports: [LogsModule, LiveModule, RunsModule],
  controllers: [LogsController],
  providers: [LogReader],
})
export class LogsApiModule {}
