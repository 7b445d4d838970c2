import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { Subscription } from 'rxjs';
import { AuthGateway } from '../../../auth/auth-gateway';
import { LiveStream, OPEN_STREAM } from '../../../shell/live-stream';
import type { LogLine, LogPage } from '../../run-models';
import { type LogSource, RunsGateway } from '../../runs-gateway';

/** The lines of one log: what there is, read page by page, and what is added, as the server sends it. */
@Injectable()
export class LogBuffer {
  readonly lines = signal<readonly LogLine[]>([]);
  /** The first page was read. */
  readonly read = signal(false);
  readonly error = signal<unknown>(null);

  private readonly gateway = inject(RunsGateway);
  private readonly auth = inject(AuthGateway);
  private source: LogSource | null = null;
  private reading: Subscription | null = null;
  private again = false;
  private readonly stream = new LiveStream(inject(OPEN_STREAM), {
    url: () => (this.source === null ? '' : this.gateway.logStreamUrl(this.source, this.last())),
    message: (data) => {
      this.add((JSON.parse(data) as LogPage).lines);
    },
    resumed: () => undefined,
    refused: () => {
      this.auth.me().subscribe({ error: () => undefined });
    },
  });
  /** Whether lines come as they are printed. */
  readonly state = this.stream.state;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.reading?.unsubscribe();
      this.stream.stop();
    });
  }

  /** Shows a log: what there is, and while it may grow what is added to it. */
  show(source: LogSource, live: boolean): void {
    if (source !== this.source) this.open(source);
    else if (!live) this.more();
    if (live) this.stream.start();
    else this.stream.stop();
  }

  /** Reads what was added since; asked while a reading is on its way, reads once more after it. */
  more(): void {
    if (this.source === null) return;
    if (this.reading !== null) {
      this.again = true;
      return;
    }
    this.reading = this.gateway.logs(this.source, this.last()).subscribe({
      next: (page) => {
        this.take(page);
      },
      error: (error: unknown) => {
        this.reading = null;
        this.error.set(error);
      },
    });
  }

  private open(source: LogSource): void {
    this.stream.stop();
    this.reading?.unsubscribe();
    this.reading = null;
    this.again = false;
    this.source = source;
    this.lines.set([]);
    this.read.set(false);
    this.error.set(null);
    this.more();
  }

  private take(page: LogPage): void {
    const added = this.add(page.lines);
    this.read.set(true);
    this.error.set(null);
    this.reading = null;
    const next = (page.next_after !== null && added) || this.again;
    this.again = false;
    if (next) this.more();
  }

  /** Pages and stream may bring the same lines: each is taken once. Answers whether some were new. */
  private add(lines: readonly LogLine[]): boolean {
    const last = this.last();
    const fresh = lines.filter((line) => line.position > last);
    if (fresh.length > 0) this.lines.update((known) => [...known, ...fresh]);
    return fresh.length > 0;
  }

  private last(): number {
    return this.lines().at(-1)?.position ?? 0;
  }
}
