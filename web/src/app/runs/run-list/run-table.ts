import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  model,
  output,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowDown, LucideArrowUp, LucideShieldOff } from '@lucide/angular';
import { DurationPipe } from '../../shared/format/duration';
import { MoneyPipe } from '../../shared/format/money';
import { RelativeTime } from '../../shared/format/relative-time';
import { ShortIdPipe } from '../../shared/format/short-id';
import { PhaseStrip } from '../../shared/status/phase-strip';
import { StatusBadge } from '../../shared/status/status-badge';
import type { RunSort, SortKey } from '../run-filters';
import type { RunSummary } from '../run-models';
import { waitingPhrase } from '../waiting-words';

interface Column {
  readonly label: string;
  readonly sort: SortKey | null;
  readonly numeric: boolean;
}

const COLUMNS: readonly Column[] = [
  { label: 'Status', sort: null, numeric: false },
  { label: 'Project', sort: 'project_name', numeric: false },
  { label: 'Profile', sort: null, numeric: false },
  { label: 'Phases', sort: null, numeric: false },
  { label: 'Waits for', sort: null, numeric: false },
  { label: 'Duration', sort: 'duration', numeric: true },
  { label: 'Cost', sort: 'cost_usd', numeric: true },
  { label: 'Owner', sort: null, numeric: false },
  { label: 'Changed', sort: 'updated_at', numeric: true },
  { label: 'Created', sort: 'created_at', numeric: true },
];

const NONE: ReadonlySet<string> = new Set();

/** The list's rows. */
@Component({
  selector: 'o-run-table',
  imports: [
    DurationPipe,
    LucideArrowDown,
    LucideArrowUp,
    LucideShieldOff,
    MoneyPipe,
    PhaseStrip,
    RelativeTime,
    RouterLink,
    ShortIdPipe,
    StatusBadge,
  ],
  templateUrl: './run-table.html',
  styleUrl: './run-table.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunTable {
  readonly runs = input.required<readonly RunSummary[]>();
  readonly order = input.required<RunSort>();
  /** Ids of the chosen runs. */
  readonly chosen = model.required<ReadonlySet<string>>();
  /** Ids of runs that are not on this page any more. */
  readonly gone = input<ReadonlySet<string>>(NONE);
  readonly sorted = output<SortKey>();
  protected readonly columns = COLUMNS;
  protected readonly waits = waitingPhrase;
  protected readonly all = computed(() => {
    const [chosen, runs] = [this.chosen(), this.runs()];
    return runs.length > 0 && runs.every(({ run_id: id }) => chosen.has(id));
  });

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  /** The run whose box was used last: a range begins there. */
  private anchor: string | null = null;

  protected chooseAll(event: Event): void {
    this.mark(this.runs(), isChecked(event));
  }

  /** With Shift, everything from the box before to this one. */
  protected toggle(index: number, event: MouseEvent): void {
    const runs = this.runs();
    const from = event.shiftKey ? runs.findIndex(({ run_id: id }) => id === this.anchor) : -1;
    const [first, last] = from < 0 ? [index, index] : [Math.min(from, index), Math.max(from, index)];
    this.mark(runs.slice(first, last + 1), isChecked(event));
    this.anchor = runs[index]?.run_id ?? null;
  }

  /** Arrows go from box to box; with Shift they choose both. */
  protected move(index: number, event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const runs = this.runs();
    const [here, there] = [runs[index], runs[index + step]];
    if (step === 0 || here === undefined || there === undefined) return;
    event.preventDefault();
    if (event.shiftKey) this.mark([here, there], true);
    this.anchor = there.run_id;
    this.host.nativeElement.querySelectorAll<HTMLElement>('.choice input')[index + step]?.focus();
  }

  private mark(runs: readonly RunSummary[], wanted: boolean): void {
    const chosen = new Set(this.chosen());
    for (const { run_id: id } of runs) {
      if (wanted) chosen.add(id);
      else chosen.delete(id);
    }
    this.chosen.set(chosen);
  }

  protected ariaSort(column: Column): 'ascending' | 'descending' | null {
    if (column.sort !== this.order().key) return null;
    return this.order().descending ? 'descending' : 'ascending';
  }
}

const isChecked = (event: Event): boolean => event.target instanceof HTMLInputElement && event.target.checked;
