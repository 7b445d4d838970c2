import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { LogChunksRepository, type LogTarget } from './log-chunks.repository.js';
import { LogWriter } from './log-writer.js';

/** Opens the logs of steps. */
@Injectable()
export class LogWriters {
  constructor(
    private readonly chunks: LogChunksRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * The log of a claimed try. It goes on where an earlier holder of the same try stopped.
   * @param secrets values to be masked
   */
  async open(target: LogTarget, secrets: readonly string[]): Promise<LogWriter> {
    const { logBytesPerStep, lineBytes } = this.config.limits;
    const store = (
      batch: Parameters<LogChunksRepository['append']>[1],
    ): ReturnType<LogChunksRepository['append']> => this.chunks.append(target, batch);
    const nextLine = await this.chunks.nextLine(target.stepAttemptId);
    return new LogWriter(store, secrets, { logBytes: logBytesPerStep, lineBytes }, nextLine);
  }
}
