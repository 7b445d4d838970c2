import { Module } from '@nestjs/common';
import { LogChunksRepository } from './log-chunks.repository.js';
import { LogWriters } from './log-writers.js';

/** Writing and reading logs of steps. Depends on no other feature; the routes are in LogsApiModule. */
@Module({
  providers: [LogChunksRepository, LogWriters],
  exports: [LogChunksRepository, LogWriters],
})
export class LogsModule {}
