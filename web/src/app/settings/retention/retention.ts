import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { RetentionGateway } from './retention-gateway';

const days = (count: number | null): string =>
  count === null ? 'never' : `after ${String(count)} ${count === 1 ? 'day' : 'days'}`;

/** What is kept how long, as the server's settings say, and what the last round removed. */
@Component({
  selector: 'o-retention',
  imports: [ProblemBanner, RelativeTime],
  templateUrl: './retention.html',
  styleUrl: './retention.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Retention {
  private readonly gateway = inject(RetentionGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.read() });
  protected readonly retention = keepLast(this.resource);
  protected readonly rules = computed(() => {
    const kept = this.retention();
    if (kept === undefined) return [];
    return [
      ['Finished runs are archived', days(kept.archive_days), 'RETENTION_ARCHIVE_DAYS'],
      ['Archived runs are erased', days(kept.purge_days), 'RETENTION_PURGE_DAYS'],
      ['Deliveries of webhooks are forgotten', days(kept.webhook_delivery_days), 'WEBHOOK_KEEP_DAYS'],
      ['Uploads without a run are removed', days(kept.upload_days), null],
      ['Contents that nothing refers to are removed', days(kept.content_days), null],
    ] as const;
  });
  protected readonly removed = computed(() => {
    const round = this.retention()?.last_round;
    if (!round) return [];
    return [
      ['Runs archived', round.runs_archived],
      ['Runs erased', round.runs_erased],
      ['Uploads removed', round.uploads_removed],
      ['Contents removed', round.contents_removed],
      ['Deliveries forgotten', round.webhook_deliveries_removed],
    ] as const;
  });
}
