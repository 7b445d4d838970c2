import { Injectable } from '@nestjs/common';
import type { LogStream } from '../execution/executors/executor.js';
import { AppConfig } from '../config/app-config.js';
import { LogChunksRepository, type LogTarget } from './log-chunks.repository.js';
import { LogWriter } from './log-writer.js';

interface SentLine {
  readonly stream: LogStream;
  readonly text: string;
}

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

  /** Stores lines of a try whose holder is elsewhere and sends them bit by bit; the limit is that of all of them. */
  async append(target: LogTarget, lines: readonly SentLine[]): Promise<void> {
    const log = await this.open(target, []);
    for (const { stream, text } of lines) log.write(stream, `${text}\n`);
    await log.end();
    await this.chunks.keepWithin(target, this.config.limits.logBytesPerStep);
  }
}
