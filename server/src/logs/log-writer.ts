import type { LogStream, StepLog } from '../execution/executors/executor.js';
import { LineAssembler } from './domain/line-assembler.js';
import { LogKeeper, type KeptChunk } from './domain/log-keeper.js';
import { clean, SecretMasker } from './domain/secret-masker.js';

export interface LogLimits {
  /** Kept of one step's log. */
  readonly logBytes: number;
  /** Kept of one line. */
  readonly lineBytes: number;
}

/** Stores chunks; `lease_lost` ends the log, an error is tried again. */
export type StoreChunks = (chunks: readonly KeptChunk[]) => Promise<'stored' | 'lease_lost'>;

/** What has been written is stored at the latest after this time (milliseconds). */
const BATCH_MS = 200;
const RETRY_MS = 1000;
const PIECE = 64 * 1024;

interface StreamState {
  readonly masker: SecretMasker;
  readonly lines: LineAssembler;
}

/**
 * The log of one try of a step: masks secrets, joins lines, keeps within the limits and stores in batches.
 * Memory is bounded by the limits however much is written. Whoever opened it calls `end` before the try's
 * outcome is saved, or the log's tail is lost.
 */
export class LogWriter implements StepLog {
  private readonly keeper: LogKeeper;
  private readonly streams: Readonly<Record<LogStream, StreamState>>;
  private queue: KeptChunk[] = [];
  private timer: NodeJS.Timeout | null = null;
  private storing: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly store: StoreChunks,
    secrets: readonly string[],
    limits: LogLimits,
    nextLine: number,
  ) {
    this.keeper = new LogKeeper(limits.logBytes, nextLine);
    const state = (): StreamState => ({
      masker: new SecretMasker(secrets),
      lines: new LineAssembler(limits.lineBytes),
    });
    this.streams = { stdout: state(), stderr: state(), system: state() };
  }

  write(stream: LogStream, text: string): void {
    if (this.ended) return;
    const shown = clean(text);
    for (let at = 0; at < shown.length; at += PIECE) this.take(stream, shown.slice(at, at + PIECE));
    this.timer ??= this.later(BATCH_MS);
  }

  /** Every whole line of the kept head is stored. @throws what the database answers */
  async flush(): Promise<void> {
    this.queue.push(...this.keeper.show());
    await this.storeQueue();
  }

  /** Stores what is left, unfinished lines and the tail too. Nothing can be written afterwards. */
  async end(): Promise<void> {
    if (this.ended) return this.storeQueue();
    for (const stream of ['stdout', 'stderr', 'system'] as const) this.endStream(stream);
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.queue.push(...this.keeper.finish(new Date()));
    await this.storeQueue();
  }

  private take(stream: LogStream, piece: string): void {
    const { masker, lines } = this.streams[stream];
    const complete = lines.push(masker.push(piece));
    if (complete !== null) this.queue.push(...this.keeper.add(stream, complete, new Date()));
  }

  private endStream(stream: LogStream): void {
    const { masker, lines } = this.streams[stream];
    const complete = lines.push(masker.end());
    if (complete !== null) this.queue.push(...this.keeper.add(stream, complete, new Date()));
    const last = lines.end();
    if (last !== null) this.queue.push(...this.keeper.add(stream, last, new Date()));
  }

  private later(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timer = null;
      this.flush().catch(() => {
        // The database is away: the chunks wait in the queue, which the limits bound.
        if (!this.ended) this.timer ??= this.later(RETRY_MS);
      });
    }, ms);
    return timer.unref();
  }

  /** One batch at a time, so that chunks are stored in order. */
  private storeQueue(): Promise<void> {
    const turn = this.storing.catch(() => undefined).then(() => this.storeBatch());
    this.storing = turn;
    return turn;
  }

  private async storeBatch(): Promise<void> {
    // A copy: chunks that are queued meanwhile are the next batch's.
    const batch = [...this.queue];
    if (batch.length === 0) return;
    const answer = await this.store(batch);
    this.queue = this.queue.slice(batch.length);
    if (answer === 'lease_lost') this.abandon();
  }

  private abandon(): void {
    this.ended = true;
    this.queue = [];
  }
}
