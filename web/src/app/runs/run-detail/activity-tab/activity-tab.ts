import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  signal,
  untracked,
} from '@angular/core';
import { EmptyState } from '../../../shared/empty-state/empty-state';
import { RelativeTime } from '../../../shared/format/relative-time';
import { Loading } from '../../../shared/loading';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunStore } from '../run-store';
import { EventBuffer } from './event-buffer';
import { eventDetails, eventWords } from './event-words';

/** Everything that happened to the run, newest first: what, when, where, by whom and why. */
@Component({
  selector: 'o-activity-tab',
  imports: [EmptyState, Loading, ProblemBanner, RelativeTime],
  templateUrl: './activity-tab.html',
  styleUrl: './activity-tab.scss',
  providers: [EventBuffer],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ActivityTab {
  private readonly store = inject(RunStore);
  protected readonly buffer = inject(EventBuffer);
  protected readonly search = signal('');
  protected readonly rows = computed(() =>
    this.buffer
      .events()
      .map((event) => ({ event, words: eventWords(event), details: eventDetails(event) }))
      .reverse(),
  );
  protected readonly shown = computed(() => {
    const words = this.search().toLowerCase();
    if (words === '') return this.rows();
    return this.rows().filter(({ event, words: text, details }) =>
      [text, details, event.phase, event.step, event.actor?.name].some((part) =>
        part?.toLowerCase().includes(words),
      ),
    );
  });

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

  protected find(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.search.set(event.target.value);
  }
}
