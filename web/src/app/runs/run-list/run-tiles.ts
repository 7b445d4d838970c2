import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { forkJoin, map } from 'rxjs';
import { Session } from '../../auth/session';
import { keepLast } from '../../shared/keep-last';
import { reloadSoon } from '../../shared/reload-soon';
import { statusLook } from '../../shared/status/status-look';
import { RouterLink } from '@angular/router';
import { LucideDynamicIcon } from '@lucide/angular';
import { RunFeed } from '../run-feed';
import { NO_FILTERS, type RunFilters } from '../run-filters';
import { RunsGateway } from '../runs-gateway';
import { SpentTile } from './spent-tile';

type TileFilter = Pick<RunFilters, 'status' | 'waitingOn'>;

interface Tile {
  readonly label: string;
  readonly look: string;
  readonly filter: TileFilter;
}

const TILES: readonly Tile[] = [
  { label: 'Running', look: 'running', filter: { status: ['running'], waitingOn: '' } },
  {
    label: 'Waiting for an approval',
    look: 'awaiting_approval',
    filter: { status: [], waitingOn: 'approval' },
  },
  { label: 'Waiting for an agent', look: 'waiting', filter: { status: [], waitingOn: 'agent' } },
  { label: 'Failed', look: 'failed', filter: { status: ['failed'], waitingOn: '' } },
];

/** How many runs stand where somebody may have to act; each figure narrows the list to its runs. */
@Component({
  selector: 'o-run-tiles',
  imports: [LucideDynamicIcon, RouterLink, SpentTile],
  template: `
    @for (tile of tiles; track tile.label; let index = $index) {
      <button
        type="button"
        [class.chosen]="isChosen(tile)"
        [attr.aria-pressed]="isChosen(tile)"
        (click)="choose(tile)"
      >
        <svg [lucideIcon]="look(tile.look).icon" [class]="look(tile.look).tone" aria-hidden="true"></svg>
        <span class="figure">{{ counts()?.[index] ?? '–' }}</span>
        <span class="label">{{ tile.label }}</span>
      </button>
      @if (index === 0) {
        <a routerLink="/approvals">
          <svg [lucideIcon]="look('awaiting_approval').icon" class="warn" aria-hidden="true"></svg>
          <span class="figure">{{ mine() ?? '–' }}</span>
          <span class="label">Waiting for me</span>
        </a>
      }
    }
    @if (seesCosts()) {
      <o-spent-tile />
    }
  `,
  styleUrls: ['./tile.scss', './run-tiles.scss'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunTiles {
  readonly filters = input.required<RunFilters>();
  readonly narrow = output<TileFilter>();
  private readonly gateway = inject(RunsGateway);
  private readonly session = inject(Session);
  protected readonly seesCosts = computed(() => this.session.may('costs:read'));
  protected readonly tiles = TILES;
  protected readonly look = statusLook;
  private readonly resource = rxResource({
    stream: () =>
      forkJoin(TILES.map((tile) => this.gateway.list({ ...NO_FILTERS, ...tile.filter }, 1))).pipe(
        map((pages) =>
          pages.map((page) => `${page.total.toLocaleString('en-US')}${page.total_capped ? '+' : ''}`),
        ),
      ),
  });
  protected readonly counts = keepLast(this.resource);
  private readonly inbox = rxResource({ stream: () => this.gateway.approvals() });
  private readonly waiting = keepLast(this.inbox);
  /** What this person can decide or deliver. */
  protected readonly mine = computed(() => this.waiting()?.filter(({ may_act: may }) => may).length);

  constructor() {
    const reloads = [reloadSoon(this.resource), reloadSoon(this.inbox)];
    inject(RunFeed).follow(
      () => ({ kind: 'totals' }),
      () => {
        for (const reload of reloads) reload();
      },
    );
  }

  protected isChosen(tile: Tile): boolean {
    const { status, waitingOn } = this.filters();
    return status.join() === tile.filter.status.join() && waitingOn === tile.filter.waitingOn;
  }

  protected choose(tile: Tile): void {
    this.narrow.emit(this.isChosen(tile) ? { status: [], waitingOn: '' } : tile.filter);
  }
}
