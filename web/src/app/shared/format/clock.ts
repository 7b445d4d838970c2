import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const TICK_MS = 1000;

/** The time of the page, moved once a second, so that ages and running durations move together. */
@Injectable({ providedIn: 'root' })
export class Clock {
  private readonly current = signal(new Date());
  readonly now = this.current.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      if (!document.hidden) this.current.set(new Date());
    }, TICK_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
  }
}
