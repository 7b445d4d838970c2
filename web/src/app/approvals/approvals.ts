import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../shared/empty-state/empty-state';
import { RelativeTime } from '../shared/format/relative-time';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { reloadSoon } from '../shared/reload-soon';
import { sentence } from '../shared/status/status-look';
import { Mentions } from './mentions';
import { RunFeed } from '../runs/run-feed';
import type { InboxItem } from '../runs/run-models';
import { RunsGateway } from '../runs/runs-gateway';

/** Everything that waits for a person: what this one can do first, then what others have to. */
@Component({
  selector: 'o-approvals',
  imports: [EmptyState, Loading, MatButton, Mentions, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './approvals.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Approvals {
  private readonly gateway = inject(RunsGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.approvals() });
  private readonly inbox = keepLast(this.resource);
  protected readonly items = computed(() =>
    this.inbox()
      ?.map((item) => ({ ...item, title: sentence(item.phase), waits: waitsFor(item) }))
      .sort((a, b) => Number(b.may_act) - Number(a.may_act)),
  );

  constructor() {
    inject(RunFeed).follow(() => ({ kind: 'list' }), reloadSoon(this.resource));
  }
}

const waitsFor = ({ kind }: InboxItem): string =>
  kind === 'approval' ? 'a decision' : 'an agent, or a delivery by hand';
