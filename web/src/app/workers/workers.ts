import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { Api } from '../api/generated/api';
import { listWorkers } from '../api/generated/fn/workers/list-workers';
import type { WorkerDto } from '../api/generated/models';
import { RunFeed } from '../runs/run-feed';
import { EmptyState } from '../shared/empty-state/empty-state';
import { Clock } from '../shared/format/clock';
import { RelativeTime } from '../shared/format/relative-time';
import { ShortIdPipe } from '../shared/format/short-id';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { StatusBadge } from '../shared/status/status-badge';

/** A worker that has said nothing for this long is shown as silent, milliseconds. */
const SILENT_MS = 120_000;

const ASK_MS = 30_000;

/** Who looks for work, what each can do and holds, and when it was last heard of. */
@Component({
  selector: 'o-workers',
  imports: [EmptyState, Loading, ProblemBanner, RelativeTime, RouterLink, ShortIdPipe, StatusBadge],
  templateUrl: './workers.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Workers {
  private readonly api = inject(Api);
  private readonly clock = inject(Clock);
  protected readonly resource = rxResource({
    stream: () => this.api.invoke(listWorkers).pipe(map((answer) => answer.workers)),
  });
  protected readonly read = keepLast(this.resource);
  protected readonly workers = computed(() =>
    this.read()?.map((worker) => ({ ...worker, status: statusOf(worker, this.clock.now()) })),
  );

  constructor() {
    // Signs of life are no events: without asking, a quiet server would seem to have lost its workers.
    const timer = setInterval(() => {
      if (!document.hidden) this.resource.reload();
    }, ASK_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
    inject(RunFeed).follow(
      () => ({ kind: 'totals' }),
      () => {
        this.resource.reload();
      },
    );
  }
}

function statusOf({ stopped_at: stopped, heartbeat_at: heard, holds }: WorkerDto, now: Date): string {
  if (stopped !== null) return 'stopped';
  if (now.getTime() - Date.parse(heard) > SILENT_MS) return 'silent';
  return holds.length > 0 ? 'working' : 'idle';
}
