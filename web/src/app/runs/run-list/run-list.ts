import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { MatButton, MatIconButton } from '@angular/material/button';
import { ActivatedRoute, type Params, Router, RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { LucideArrowUp, LucideChevronLeft, LucideChevronRight, LucidePlus } from '@lucide/angular';
import { Session } from '../../auth/session';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { reloadSoon } from '../../shared/reload-soon';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { RunFeed } from '../run-feed';
import {
  filtersFromUrl,
  filtersToUrl,
  isFiltered,
  NO_FILTERS,
  type RunFilters,
  toggleSort,
} from '../run-filters';
import type { SortKey } from '../run-filters';
import type { RunPage } from '../run-models';
import { RunsGateway } from '../runs-gateway';
import { BulkBar } from './bulk-bar';
import { LastList } from './last-list';
import { RunFilterBar } from './run-filter-bar';
import { RunTable } from './run-table';
import { asAnswered, keepPlaces, renewal, type SteadyRows } from './steady-rows';
import { ViewMenu } from './view-menu';
import { RunTiles } from './run-tiles';

const PAGE = 50;
const NOTHING: SteadyRows = { runs: [], fresh: 0, gone: new Set() };

/** A page, and what was asked for: the same object where it is the same question again. */
interface Answer {
  readonly answer: RunPage;
  readonly asked: object;
}

/** All runs that I may see, narrowed and ordered by what stands in the address. */
@Component({
  selector: 'o-run-list',
  imports: [
    BulkBar,
    EmptyState,
    Loading,
    LucideArrowUp,
    LucideChevronLeft,
    LucideChevronRight,
    LucidePlus,
    MatButton,
    MatIconButton,
    ProblemBanner,
    RouterLink,
    RunFilterBar,
    RunTable,
    RunTiles,
    ViewMenu,
  ],
  templateUrl: './run-list.html',
  styleUrl: './run-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunList {
  private readonly gateway = inject(RunsGateway);
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly query = toSignal(this.route.queryParamMap, { requireSync: true });

  protected readonly filters = computed(() => filtersFromUrl(this.query()));
  protected readonly address = computed(() => filtersToUrl(this.filters()));
  protected readonly filtered = computed(() => isFiltered(this.filters()));
  /** Rises with everything after which rows may take new places. */
  private readonly renewals = signal(0);
  protected readonly page = rxResource({
    params: () => ({ filters: this.filters(), renewals: this.renewals() }),
    stream: ({ params }) =>
      this.gateway.list(params.filters, PAGE).pipe(map((answer) => ({ answer, asked: params }))),
  });
  private readonly newest = keepLast(this.page);
  private readonly lists = inject(LastList);
  /** Where somebody comes back to the list: how they left it, until it is read again. */
  private readonly left = this.cameBack() ? this.lists.of(this.filters()) : null;
  private readonly last = computed<Answer | undefined>(
    () => this.newest() ?? (this.left === null ? undefined : { answer: this.left.page, asked: this.left }),
  );
  protected readonly shown = computed(() => this.last()?.answer);
  protected readonly rows = linkedSignal<Answer | undefined, SteadyRows>({
    source: this.last,
    computation: (last, previous) => {
      if (last === undefined) return NOTHING;
      const again = previous !== undefined && previous.source?.asked === last.asked;
      return again ? keepPlaces(previous.value, last.answer) : asAnswered(last.answer);
    },
  });
  protected readonly renewal = computed(() => renewal(this.rows()));
  protected readonly none: ReadonlySet<string> = new Set();
  /** Runs are chosen on one page: another one begins with none. */
  protected readonly chosen = linkedSignal<unknown, ReadonlySet<string>>({
    source: this.filters,
    computation: () => this.none,
  });
  protected readonly chosenRuns = computed(() =>
    this.rows().runs.filter(({ run_id: id }) => this.chosen().has(id)),
  );
  protected readonly canCreate = computed(() => this.session.may('runs:create'));
  protected readonly range = computed(() => {
    const page = this.shown();
    if (page === undefined || page.runs.length === 0) return '';
    const total = `${page.total.toLocaleString('en-US')}${page.total_capped ? '+' : ''}`;
    return `${String(page.offset + 1)}–${String(page.offset + page.runs.length)} of ${total}`;
  });
  protected readonly hasMore = computed(() => {
    const page = this.shown();
    return page !== undefined && page.offset + page.runs.length < page.total;
  });

  constructor() {
    inject(RunFeed).follow(() => ({ kind: 'list' }), reloadSoon(this.page));
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // Once the list is taken off the page nothing is scrolled any more: the place is noted before.
    let top = this.left?.top ?? 0;
    const leaving = new AbortController();
    afterNextRender(() => {
      const main = host.closest('main');
      if (main === null) return;
      main.scrollTop = top;
      main.addEventListener('scroll', () => (top = main.scrollTop), {
        signal: leaving.signal,
        passive: true,
      });
    });
    inject(DestroyRef).onDestroy(() => {
      leaving.abort();
      const page = this.shown();
      if (page === undefined) this.lists.forget();
      else this.lists.leave({ filters: this.filters(), page, top });
    });
  }

  /** By the browser's way back, as against a link. */
  private cameBack(): boolean {
    return this.router.currentNavigation()?.trigger === 'popstate';
  }

  protected choose(chosen: ReadonlySet<string>): void {
    this.chosen.set(chosen);
  }

  protected narrow(change: Partial<RunFilters>): void {
    this.show({ ...this.filters(), ...change, offset: 0 });
  }

  protected sort(key: SortKey): void {
    this.narrow({ sort: toggleSort(this.filters().sort, key) });
  }

  protected turn(pages: number): void {
    const offset = Math.max(this.filters().offset + pages * PAGE, 0);
    this.show({ ...this.filters(), offset });
  }

  protected clear(): void {
    this.show({ ...NO_FILTERS, sort: this.filters().sort });
  }

  /** Shows the rows as the server orders them now. */
  protected renew(): void {
    this.renewals.update((times) => times + 1);
  }

  protected open(query: Params): void {
    void this.router.navigate(['/runs'], { queryParams: query });
  }

  private show(filters: RunFilters): void {
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: filtersToUrl(filters),
      queryParamsHandling: 'merge',
    });
  }
}
