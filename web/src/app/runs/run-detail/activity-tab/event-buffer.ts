import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { EMPTY, expand, type Subscription } from 'rxjs';
import type { RunEvent } from '../../run-models';
import { RunsGateway } from '../../runs-gateway';

/** A run's history in order, read from the last known event on. */
@Injectable()
export class EventBuffer {
  private readonly gateway = inject(RunsGateway);
  readonly events = signal<readonly RunEvent[]>([]);
  readonly read = signal(false);
  readonly error = signal<unknown>(null);
  private runId = '';
  private reading: Subscription | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.reading?.unsubscribe());
  }

  open(runId: string): void {
    this.runId = runId;
    this.events.set([]);
    this.read.set(false);
    this.more();
  }

  /** Reads everything that came after the last known event; a reading on its way is started over. */
  more(): void {
    if (this.runId === '') return;
    this.reading?.unsubscribe();
    this.reading = this.gateway
      .events(this.runId, this.events().at(-1)?.seq ?? 0)
      .pipe(
        expand((page) =>
          page.next_after === null ? EMPTY : this.gateway.events(this.runId, page.next_after),
        ),
      )
      .subscribe({
        next: ({ events }) => {
          const last = this.events().at(-1)?.seq ?? 0;
          this.events.update((known) => [...known, ...events.filter((event) => event.seq > last)]);
          this.read.set(true);
          this.error.set(null);
        },
        error: (error: unknown) => {
          this.error.set(error);
        },
      });
  }
}
