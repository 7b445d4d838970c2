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
import { sentence } from '../../../shared/status/status-look';
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
  /** First word of an event's type, and name of a person; empty: not narrowed. */
  protected readonly kind = signal('');
  protected readonly person = signal('');
  protected readonly sentence = sentence;
  protected readonly kinds = computed(() => namesOf(this.buffer.events().map(kindOf)));
  protected readonly people = computed(() => namesOf(this.buffer.events().map(actorOf)));
  protected readonly narrowed = computed(() => this.search() + this.kind() + this.person() !== '');
  /** Newest first, those that search and filters find. */
  protected readonly found = computed(() => {
    const [words, kind, person] = [this.search().toLowerCase(), this.kind(), this.person()];
    return this.buffer
      .events()
      .filter((event) => kind === '' || kindOf(event) === kind)
      .filter((event) => person === '' || actorOf(event) === person)
      .filter((event) => words === '' || this.contains(event, words))
      .reverse();
  });
  private readonly limit = linkedSignal({
    source: () => [this.search(), this.kind(), this.person()],
    computation: () => SHOWN_AT_ONCE,
  });
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

  protected valueOf(event: Event): string {
    return event.target instanceof HTMLSelectElement ? event.target.value : '';
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

const kindOf = (event: RunEvent): string => event.type.split('.')[0] ?? '';

const actorOf = (event: RunEvent): string => event.actor?.name ?? 'system';

const namesOf = (names: readonly string[]): string[] => [...new Set(names)].sort();
