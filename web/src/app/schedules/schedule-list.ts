import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { LucidePlus } from '@lucide/angular';
import { RunFeed } from '../runs/run-feed';
import { EmptyState } from '../shared/empty-state/empty-state';
import { RelativeTime } from '../shared/format/relative-time';
import { ShortIdPipe } from '../shared/format/short-id';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { StatusBadge } from '../shared/status/status-badge';
import { ScheduleActions } from './schedule-actions';
import { cronWords } from './schedule-words';
import { SchedulesGateway } from './schedules-gateway';

/** Runs that the clock creates: when each is due, what it made last; run one now, pause or remove it. */
@Component({
  selector: 'o-schedule-list',
  imports: [
    EmptyState,
    Loading,
    LucidePlus,
    MatButton,
    ProblemBanner,
    RelativeTime,
    RouterLink,
    ShortIdPipe,
    StatusBadge,
  ],
  templateUrl: './schedule-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScheduleList {
  private readonly gateway = inject(SchedulesGateway);
  protected readonly actions = inject(ScheduleActions);
  protected readonly words = cronWords;
  protected readonly resource = rxResource({ stream: () => this.gateway.list() });
  protected readonly schedules = keepLast(this.resource);
  protected readonly busy = signal(false);
  protected readonly error = signal<unknown>(null);

  constructor() {
    inject(RunFeed).follow(
      () => ({ kind: 'totals' }),
      () => {
        this.resource.reload();
      },
    );
  }

  protected async act(work: Promise<unknown>): Promise<void> {
    this.busy.set(true);
    this.error.set(null);
    try {
      await work;
    } catch (error) {
      this.error.set(error);
    } finally {
      this.busy.set(false);
      this.resource.reload();
    }
  }
}
