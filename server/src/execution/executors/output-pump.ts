import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Masker } from '../domain/mask.js';
import type { LogStream, StepLog } from './executor.js';

export interface PumpTarget {
  readonly log: StepLog;
  readonly stream: LogStream;
  readonly mask: Masker;
  /** A longer line is cut and ends with a mark. */
  readonly lineBytes: number;
  /** Receives every chunk as it came. */
  readonly tail: OutputTail | null;
}

/** The log takes so much before the step has to wait until it is stored. */
const FLUSH_EVERY = 256 * 1024;
/** A secret that a cut would split is looked for so far behind the cut. */
const LOOK_BEHIND = 4096;

/**
 * Writes a process's output to the step's log in whole lines, as fast as the log stores them: a process that
 * prints faster waits on its pipe. Ends when the stream ends or is destroyed.
 */
export async function pumpOutput(source: Readable, target: PumpTarget): Promise<void> {
  const lines = new LineBuffer(target);
  let sinceFlush = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      target.tail?.push(chunk);
      lines.push(chunk);
      sinceFlush += chunk.length;
      if (sinceFlush < FLUSH_EVERY) continue;
      sinceFlush = 0;
      // The database is away: what is kept waits, within the log's limits, and the step goes on.
      await target.log.flush().catch(() => undefined);
    }
  } catch (error) {
    // The pipe was taken away from a process that outlived its step.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  lines.end();
}

/** Joins chunks to whole lines; holds at most one line. */
class LineBuffer {
  private readonly decoder = new StringDecoder('utf8');
  private open = '';
  private skipping = false;

  constructor(private readonly target: PumpTarget) {}

  push(chunk: Buffer): void {
    let text = this.decoder.write(chunk);
    if (this.skipping) {
      const lineEnd = text.indexOf('\n');
      if (lineEnd < 0) return;
      this.skipping = false;
      text = text.slice(lineEnd + 1);
    }
    const lastEnd = text.lastIndexOf('\n');
    if (lastEnd < 0) {
      this.open += text;
      this.cutLongLine();
      return;
    }
    this.write(this.open + text.slice(0, lastEnd + 1));
    this.open = text.slice(lastEnd + 1);
  }

  end(): void {
    const rest = this.open + (this.skipping ? '' : this.decoder.end());
    if (rest !== '') this.write(`${rest}\n`);
    this.open = '';
  }

  private cutLongLine(): void {
    const { lineBytes, mask } = this.target;
    if (this.open.length <= lineBytes + LOOK_BEHIND) return;
    this.write(`${mask(this.open).slice(0, lineBytes)} … [line cut at ${lineBytes} characters]\n`);
    this.open = '';
    this.skipping = true;
  }

  private write(text: string): void {
    // PostgreSQL stores no NUL in text.
    this.target.log.write(this.target.stream, this.target.mask(text.replaceAll('\0', '\uFFFD')));
  }
}

/** The last bytes of an output. */
export class OutputTail {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private cut = false;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.chunks.length > 1 && this.size - (this.chunks[0]?.length ?? 0) >= this.limit) {
      this.size -= this.chunks.shift()?.length ?? 0;
      this.cut = true;
    }
  }

  /** The text kept, from the start of a line where earlier text is gone. */
  text(): string {
    const text = Buffer.concat(this.chunks).toString('utf8');
    return this.cut ? text.slice(text.indexOf('\n') + 1) : text;
  }
}
