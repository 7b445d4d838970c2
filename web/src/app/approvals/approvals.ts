import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { forkJoin, map } from 'rxjs';
import { EmptyState } from '../shared/empty-state/empty-state';
import { RelativeTime } from '../shared/format/relative-time';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { sentence } from '../shared/status/status-look';
import { NO_FILTERS } from '../runs/run-filters';
import { RunFeed } from '../runs/run-feed';
import { RunsGateway } from '../runs/runs-gateway';

/** Every run that waits for a person: to decide on an approval, or to deliver what no agent has taken. */
@Component({
  selector: 'o-approvals',
  imports: [EmptyState, Loading, MatButton, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './approvals.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Approvals {
  private readonly gateway = inject(RunsGateway);
  protected readonly sentence = sentence;
  protected readonly resource = rxResource({
    stream: () =>
      forkJoin((['approval', 'agent'] as const).map((waitingOn) => this.waiting(waitingOn))).pipe(
        map((lists) => lists.flat()),
      ),
  });
  protected readonly runs = keepLast(this.resource);

  constructor() {
    inject(RunFeed).follow(
      () => ({ kind: 'list' }),
      () => {
        this.resource.reload();
      },
    );
  }

  private waiting(waitingOn: 'approval' | 'agent') {
    const filters = { ...NO_FILTERS, waitingOn, sort: { key: 'updated_at', descending: false } as const };
    return this.gateway.list(filters, 100).pipe(map((page) => page.runs));
  }
}
