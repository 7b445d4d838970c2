import { inject, Injectable, signal, DestroyRef } from '@angular/core';
import type { Observable, Subscription } from 'rxjs';
import type { LogLine, LogPage } from '../../run-models';

type ReadPage = (after: number) => Observable<LogPage>;

/** The lines of one log as they arrive: read page by page from the last known line, never twice at a time. */
@Injectable()
export class LogBuffer {
  readonly lines = signal<readonly LogLine[]>([]);
  /** The first page was read. */
  readonly read = signal(false);
  readonly error = signal<unknown>(null);

  private source: ReadPage | null = null;
  private reading: Subscription | null = null;
  private again = false;

  readonly track = (_index: number, line: LogLine): number => line.position;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.reading?.unsubscribe());
  }

  /** Starts over with another log. */
  open(source: ReadPage): void {
    this.reading?.unsubscribe();
    this.reading = null;
    this.again = false;
    this.source = source;
    this.lines.set([]);
    this.read.set(false);
    this.error.set(null);
    this.more();
  }

  /** Reads what was added since; asked while a reading is on its way, reads once more after it. */
  more(): void {
    if (this.source === null) return;
    if (this.reading !== null) {
      this.again = true;
      return;
    }
    this.reading = this.source(this.lines().at(-1)?.position ?? 0).subscribe({
      next: (page) => {
        this.take(page);
      },
      error: (error: unknown) => {
        this.reading = null;
        this.error.set(error);
      },
    });
  }

  private take(page: LogPage): void {
    const last = this.lines().at(-1)?.position ?? 0;
    const fresh = page.lines.filter((line) => line.position > last);
    if (fresh.length > 0) this.lines.update((lines) => [...lines, ...fresh]);
    this.read.set(true);
    this.error.set(null);
    this.reading = null;
    const next = (page.next_after !== null && fresh.length > 0) || this.again;
    this.again = false;
    if (next) this.more();
  }
}
