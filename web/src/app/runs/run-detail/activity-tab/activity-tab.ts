import { DecimalPipe } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { EmptyState } from '../../../shared/empty-state/empty-state';
import { RelativeTime } from '../../../shared/format/relative-time';
import { Loading } from '../../../shared/loading';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import type { RunEvent } from '../../run-models';
import { CommentsPanel } from '../../sharing/comments-panel';
import { RunStore } from '../run-store';
import { EventBuffer } from './event-buffer';
import { eventDetails, eventWords } from './event-words';

/** A history may have tens of thousands of events; the page has these many, and more when asked. */
const SHOWN_AT_ONCE = 200;

/** Everything that happened to the run, newest first: what, when, where, by whom and why. */
@Component({
  selector: 'o-activity-tab',
  imports: [CommentsPanel, DecimalPipe, EmptyState, Loading, MatButton, ProblemBanner, RelativeTime],
  templateUrl: './activity-tab.html',
  styleUrl: './activity-tab.scss',
  providers: [EventBuffer],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ActivityTab {
  private readonly store = inject(RunStore);
  protected readonly buffer = inject(EventBuffer);
  protected readonly runId = this.store.runId;
  protected readonly search = signal('');
  /** Newest first, those that the search finds. */
  protected readonly found = computed(() => {
    const words = this.search().toLowerCase();
    const events = this.buffer.events().toReversed();
    return words === '' ? events : events.filter((event) => this.contains(event, words));
  });
  private readonly limit = linkedSignal({ source: this.search, computation: () => SHOWN_AT_ONCE });
  protected readonly shown = computed(() =>
    this.found()
      .slice(0, this.limit())
      .map((event) => ({ event, words: eventWords(event), details: eventDetails(event) })),
  );
  protected readonly hidden = computed(() => this.found().length - this.shown().length);

  constructor() {
    effect(() => {
      const runId = this.store.runId();
      untracked(() => {
        this.buffer.open(runId);
      });
    });
    this.store.onChange(() => {
      this.buffer.more();
    });
  }

  protected showMore(): void {
    this.limit.update((limit) => limit + SHOWN_AT_ONCE);
  }

  private contains(event: RunEvent, words: string): boolean {
    return [eventWords(event), eventDetails(event), event.phase, event.step, event.actor?.name].some((part) =>
      part?.toLowerCase().includes(words),
    );
  }

  protected find(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.search.set(event.target.value);
  }
}
