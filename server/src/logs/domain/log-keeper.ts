import type { LogStream } from '../../execution/executors/executor.js';
import { encodeLines } from './encoded-lines.js';

/** A chunk is closed when it has this many bytes. */
export const CHUNK_BYTES = 64 * 1024;

/** Consecutive lines, numbered and ready to be stored. */
export interface KeptChunk {
  readonly firstLine: number;
  readonly lineCount: number;
  /** As encodeLines makes it. */
  readonly text: string;
  readonly at: Date;
}

interface OpenChunk {
  readonly parts: string[];
  readonly at: Date;
  lineCount: number;
  bytes: number;
}

interface Waiting {
  readonly chunk: KeptChunk;
  readonly bytes: number;
}

/**
 * Decides what of a step's log is kept within a limit: the first half as it comes, then a window over the last
 * half, whose chunks wait in memory until the step ends. Memory never exceeds the limit by more than a chunk.
 */
export class LogKeeper {
  private open: OpenChunk | null = null;
  private headRoom: number;
  private phase: 'head' | 'tail' = 'head';
  private tail: Waiting[] = [];
  private tailBytes = 0;
  private dropped: { firstLine: number; lines: number; bytes: number } | null = null;

  /**
   * @param limitBytes of one step's log, of which half is head
   * @param nextLine number of the next line; above 1 where an earlier holder of the step has written already
   */
  constructor(
    private readonly limitBytes: number,
    private nextLine: number,
  ) {
    this.headRoom = limitBytes / 2;
  }

  /** Takes whole lines, joined by `\n`. @returns chunks to store now */
  add(stream: LogStream, lines: string, at: Date): KeptChunk[] {
    const { text, lineCount } = encodeLines(stream, lines);
    const bytes = byteLength(text) + 1;
    const closed = this.open !== null && this.open.bytes + bytes > CHUNK_BYTES ? this.close() : [];
    this.open ??= { parts: [], at, lineCount: 0, bytes: 0 };
    this.open.parts.push(text);
    this.open.lineCount += lineCount;
    this.open.bytes += bytes;
    return closed;
  }

  /** Closes the chunk that is being filled, so that it can be seen before it is full. @returns chunks to store now */
  show(): KeptChunk[] {
    return this.phase === 'head' ? this.close() : [];
  }

  private close(): KeptChunk[] {
    const { open } = this;
    if (open === null) return [];
    this.open = null;
    if (this.phase === 'head') {
      this.headRoom -= open.bytes;
      if (this.headRoom >= 0) return [this.number(open)];
      this.phase = 'tail';
      const notice = this.notice(open.at);
      this.keepInTail(open);
      return [notice];
    }
    this.keepInTail(open);
    return [];
  }

  /** The step has ended. @returns the rest of what is kept, behind a mark where something was left out */
  finish(at: Date): KeptChunk[] {
    const last = this.close();
    const rest = this.tail.map((waiting) => waiting.chunk);
    const { dropped } = this;
    this.tail = [];
    this.tailBytes = 0;
    this.dropped = null;
    return dropped === null ? [...last, ...rest] : [...last, markOf(dropped, at), ...rest];
  }

  private keepInTail(open: OpenChunk): void {
    this.tail.push({ chunk: this.number(open), bytes: open.bytes });
    this.tailBytes += open.bytes;
    while (this.tailBytes > this.limitBytes / 2 && this.tail.length > 1) this.dropOldest();
  }

  private dropOldest(): void {
    const oldest = this.tail.shift();
    if (oldest === undefined) return;
    const { chunk, bytes } = oldest;
    this.tailBytes -= bytes;
    this.dropped ??= { firstLine: chunk.firstLine, lines: 0, bytes: 0 };
    this.dropped.lines += chunk.lineCount;
    // Each line's own bytes and line break, without the character that names its stream.
    this.dropped.bytes += bytes - chunk.lineCount;
  }

  private number(open: OpenChunk): KeptChunk {
    const firstLine = this.nextLine;
    this.nextLine += open.lineCount;
    return { firstLine, lineCount: open.lineCount, text: open.parts.join('\n'), at: open.at };
  }

  private notice(at: Date): KeptChunk {
    const size = String(this.limitBytes / 2);
    const line = `[The log passed ${size} bytes. From here on only its end is kept; it appears when the step ends.]`;
    return this.number({ parts: [encodeLines('system', line).text], at, lineCount: 1, bytes: 0 });
  }
}

/** Stands under the number of the first line that is missing. */
const markOf = (dropped: { firstLine: number; lines: number; bytes: number }, at: Date): KeptChunk => ({
  firstLine: dropped.firstLine,
  lineCount: 1,
  text: encodeLines(
    'system',
    `[${String(dropped.lines)} lines (${String(dropped.bytes)} bytes) were left out here: the log passed its limit.]`,
  ).text,
  at,
});

const byteLength = (text: string): number => Buffer.byteLength(text);
