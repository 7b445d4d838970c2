import { Injectable } from '@nestjs/common';
import type { LogStream } from '../execution/executors/executor.js';
import { decodeLines } from './domain/encoded-lines.js';
import { LogChunksRepository, type LogFilter, type StoredChunk } from './log-chunks.repository.js';

/** One line of a step's log. */
export interface LogLine {
  /** Where the line stands in the run's log: rises, with gaps, over all steps. */
  readonly position: number;
  /** Number within its try of the step, from 1; a gap is a part that was left out. */
  readonly n: number;
  readonly stream: LogStream;
  readonly at: Date;
  readonly text: string;
  readonly phase: string;
  readonly attempt: number;
  readonly step: string;
  readonly stepTry: number;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Lines follow that did not fit. */
  readonly more: boolean;
}

/** A chunk has fewer lines than this; 2^53 positions are enough for 2^35 chunks. */
const LINES_PER_CHUNK = 2 ** 18;
const CHUNKS_PER_READ = 16;
/** A page ends beyond so many characters, however few lines it has. */
const PAGE_CHARACTERS = 2 * 1024 * 1024;

/** Reads logs by position. */
@Injectable()
export class LogReader {
  constructor(private readonly chunks: LogChunksRepository) {}

  /**
   * Lines behind a position, in the order in which they were stored.
   * @param after position of the last line that is known; 0 to begin
   * @param limit lines at most
   */
  async page(runId: string, filter: LogFilter, after: number, limit: number): Promise<LogPage> {
    const lines: LogLine[] = [];
    let characters = 0;
    let fromSeq = Math.floor(after / LINES_PER_CHUNK);
    for (;;) {
      const chunks = await this.chunks.read(runId, filter, fromSeq, CHUNKS_PER_READ);
      for (const line of linesOf(chunks)) {
        if (line.position <= after) continue;
        if (lines.length === limit || characters > PAGE_CHARACTERS) return { lines, more: true };
        lines.push(line);
        characters += line.text.length;
      }
      const last = chunks.at(-1);
      if (last === undefined || chunks.length < CHUNKS_PER_READ) return { lines, more: false };
      fromSeq = last.seq + 1;
    }
  }
}

/** Lines of chunks, each decoded when it is come to. */
function* linesOf(chunks: readonly StoredChunk[]): Generator<LogLine> {
  for (const { text, seq, firstLine, ...chunk } of chunks) {
    for (const [index, line] of decodeLines(text).entries())
      yield { ...chunk, ...line, position: seq * LINES_PER_CHUNK + index + 1, n: firstLine + index };
  }
}
