import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { RunFeed } from '../runs/run-feed';
import { RelativeTime } from '../shared/format/relative-time';
import { ShortIdPipe } from '../shared/format/short-id';
import { keepLast } from '../shared/keep-last';
import { EmptyState } from '../shared/empty-state/empty-state';
import { Loading } from '../shared/loading';
import { isMissing } from '../shared/problem/problem';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { StatusBadge } from '../shared/status/status-badge';
import { PageTitle } from '../shell/page-title';
import { ScheduleActions } from './schedule-actions';
import { CATCH_UPS, cronWords, OVERLAPS, zonedTime } from './schedule-words';
import { type Schedule, SchedulesGateway } from './schedules-gateway';

/** One schedule: what it does, when it is due next, and what came of its ticks. */
@Component({
  selector: 'o-schedule-view',
  imports: [
    EmptyState,
    Loading,
    MatButton,
    ProblemBanner,
    RelativeTime,
    RouterLink,
    ShortIdPipe,
    StatusBadge,
  ],
  templateUrl: './schedule-view.html',
  styleUrl: './schedule-view.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScheduleView {
  readonly scheduleId = input.required<string>();
  private readonly gateway = inject(SchedulesGateway);
  private readonly router = inject(Router);
  protected readonly actions = inject(ScheduleActions);
  protected readonly words = cronWords;
  protected readonly zoned = zonedTime;
  protected readonly resource = rxResource({
    params: () => this.scheduleId(),
    stream: ({ params }) => this.gateway.get(params),
  });
  private readonly last = keepLast(this.resource);
  protected readonly schedule = computed(() =>
    this.last()?.schedule_id === this.scheduleId() ? this.last() : undefined,
  );
  protected readonly place = computed(() => {
    const repository = this.schedule()?.run.repository;
    const where = repository?.url ?? repository?.path ?? null;
    return where === null || !repository?.ref ? where : `${where} @ ${repository.ref}`;
  });
  protected readonly overlap = computed(
    () => OVERLAPS.find(({ value }) => value === this.schedule()?.overlap)?.label ?? '',
  );
  protected readonly catchUp = computed(
    () => CATCH_UPS.find(({ value }) => value === this.schedule()?.catch_up)?.label ?? '',
  );
  protected readonly missing = computed(() => isMissing(this.resource.error()));
  protected readonly busy = signal(false);
  protected readonly error = signal<unknown>(null);

  constructor() {
    const title = inject(PageTitle);
    effect(() => {
      title.set(this.schedule()?.name ?? (this.missing() ? 'No such schedule' : 'Schedule'));
    });
    inject(RunFeed).follow(
      () => ({ kind: 'totals' }),
      () => {
        this.resource.reload();
      },
    );
  }

  protected async remove(schedule: Schedule): Promise<void> {
    await this.act(
      this.actions.remove(schedule).then(async (removed) => {
        if (removed) await this.router.navigate(['/schedules']);
      }),
    );
  }

  /** @param then `gone`: the page is left */
  protected async act(work: Promise<unknown>, then: 'changed' | 'gone' = 'changed'): Promise<void> {
    this.busy.set(true);
    this.error.set(null);
    try {
      await work;
      if (then === 'changed') this.resource.reload();
    } catch (error) {
      this.error.set(error);
    } finally {
      this.busy.set(false);
    }
  }
}
