import { Clipboard } from '@angular/cdk/clipboard';
import { CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport } from '@angular/cdk/scrolling';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  Injector,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import {
  LucideArrowDownToLine,
  LucideChevronDown,
  LucideChevronUp,
  LucideCopy,
  LucideDownload,
} from '@lucide/angular';
import { saveFile } from '../../../shared/save-file';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunsGateway } from '../../runs-gateway';
import { CopyText } from '../../../shared/copy-text';
import { AnsiText, plainText } from './ansi-text';
import { LogBuffer } from './log-buffer';
import { LogLink } from './log-link';
import { type LogRow, matchingLines, wrapLines } from './log-rows';

const LINE_HEIGHT = 20;
/** Rows that stay above the one that was gone to. */
const ABOVE = 6;
/** The log's face at its size, pixels. */
const CHARACTER_WIDTH = 7.2;
/** Line numbers, padding and scroll bar, pixels. */
const GUTTER = 60 + 16 + 16;
const LEAST_COLUMNS = 40;
const SAID_MS = 1500;

/** The log of a step: only what is visible is in the page; it follows its end until somebody scrolls up. */
@Component({
  selector: 'o-log-panel',
  imports: [
    AnsiText,
    CdkFixedSizeVirtualScroll,
    CdkVirtualForOf,
    CdkVirtualScrollViewport,
    CopyText,
    LucideArrowDownToLine,
    LucideChevronDown,
    LucideChevronUp,
    LucideCopy,
    LucideDownload,
    MatButton,
    MatIconButton,
    ProblemBanner,
  ],
  templateUrl: './log-panel.html',
  styleUrl: './log-panel.scss',
  providers: [LogBuffer, LogLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LogPanel {
  readonly runId = input.required<string>();
  readonly phase = input.required<string>();
  readonly step = input.required<string>();
  /** Attempt of the phase. */
  readonly attempt = input.required<number>();
  /** The log may still grow. */
  readonly live = input.required<boolean>();

  private readonly gateway = inject(RunsGateway);
  private readonly injector = inject(Injector);
  private readonly clipboard = inject(Clipboard);
  private readonly lines = inject(LogLink);
  protected readonly buffer = inject(LogBuffer);
  private readonly viewport = viewChild(CdkVirtualScrollViewport);
  protected readonly search = signal('');
  /** Whether lines without a match are left out. */
  protected readonly only = linkedSignal({ source: () => this.search() === '', computation: () => false });
  /** Characters of a row where lines are wrapped; null: they are not. */
  private readonly columns = signal<number | null>(null);
  protected readonly wrapped = computed(() => this.columns() !== null);
  protected readonly copied = signal(false);
  protected readonly lineHeight = LINE_HEIGHT;
  protected readonly end = Infinity;
  protected readonly track = (_index: number, row: LogRow): string => `${row.position}/${row.from ?? 0}`;
  private readonly source = computed(() => ({
    runId: this.runId(),
    phase: this.phase(),
    step: this.step(),
    attempt: this.attempt(),
  }));
  /** Number of the line that the address points to. */
  protected readonly marked = this.lines.line;
  protected readonly link = computed(() => this.lines.address(this.source(), this.marked() ?? 1));
  protected readonly following = linkedSignal(() => untracked(this.marked) === null);

  /** Where the last scrolling ended, pixels. */
  private top = 0;

  protected readonly matches = computed(() => matchingLines(this.buffer.lines(), this.search()));
  /** Which of the matches is looked at, from 0. */
  protected readonly at = linkedSignal<unknown, number>({ source: this.search, computation: () => 0 });
  protected readonly current = computed(() => {
    const index = this.matches()[this.at()];
    return index === undefined ? null : (this.buffer.lines()[index]?.position ?? null);
  });
  protected readonly rows = computed<readonly LogRow[]>(() => {
    const lines = this.buffer.lines();
    const shown = this.only() ? this.matches().flatMap((index) => lines[index] ?? []) : lines;
    const columns = this.columns();
    return columns === null ? shown : wrapLines(shown, columns);
  });
  protected readonly height = computed(
    () => Math.min(Math.max(this.rows().length, 4), 26) * LINE_HEIGHT + 16,
  );

  constructor() {
    effect(() => {
      const [source, live] = [this.source(), this.live()];
      untracked(() => {
        this.buffer.show(source, live);
      });
    });
    effect((onCleanup) => {
      const viewport = this.viewport();
      const room = viewport?.elementRef.nativeElement.querySelector('.cdk-virtual-scroll-spacer');
      if (viewport === undefined || room === null || room === undefined) return;
      // Rows are known before there is room for them: the end is where it was until the room has grown.
      const growth = new ResizeObserver(() => {
        if (this.following()) viewport.scrollTo({ bottom: 0 });
      });
      growth.observe(room);
      onCleanup(() => {
        growth.disconnect();
      });
    });
    effect(() => {
      const position = this.current();
      if (position !== null) this.bring((row) => row.position === position);
    });
    effect(() => {
      const line = this.marked();
      // Once the line is there; what comes after it does not bring it back.
      const known = line !== null && (this.buffer.lines().at(-1)?.n ?? 0) >= line;
      if (known && untracked(this.lines.takeJump)) this.bring((row) => row.n === line);
    });
  }

  protected find(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.search.set(event.target.value);
  }

  /** Goes to another match; behind the last comes the first. */
  protected toMatch(event: Event, step: 1 | -1): void {
    event.preventDefault();
    const count = this.matches().length;
    if (count > 0) this.at.update((at) => (at + step + count) % count);
  }

  protected mark(line: number): void {
    this.lines.mark(this.source(), line);
  }

  protected wrap(): void {
    const width = this.viewport()?.elementRef.nativeElement.clientWidth ?? 0;
    const columns = Math.floor((width - GUTTER) / CHARACTER_WIDTH);
    this.columns.set(this.wrapped() ? null : Math.max(columns, LEAST_COLUMNS));
  }

  /** The lines that are shown, without a terminal's control sequences. */
  protected copy(): void {
    const shown = this.only()
      ? this.matches().flatMap((index) => this.buffer.lines()[index] ?? [])
      : this.buffer.lines();
    const text = shown.map((line) => plainText(line.text)).join('\n');
    if (!this.clipboard.copy(text)) return;
    this.copied.set(true);
    setTimeout(() => {
      this.copied.set(false);
    }, SAID_MS);
  }

  protected async download(): Promise<void> {
    const { phase, step } = this.source();
    try {
      saveFile(await firstValueFrom(this.gateway.logText(this.source())), `${phase}-${step}.log`);
    } catch (error) {
      this.buffer.error.set(error);
    }
  }

  protected scrolled(): void {
    const viewport = this.viewport();
    if (viewport === undefined) return;
    const top = viewport.measureScrollOffset('top');
    if (viewport.measureScrollOffset('bottom') < LINE_HEIGHT * 2) this.following.set(true);
    // Further lines move the end away by themselves: only who scrolls up leaves it.
    else if (top < this.top) this.following.set(false);
    this.top = top;
  }

  /** Scrolls to a row, and stops following the end. */
  private bring(wanted: (row: LogRow) => boolean): void {
    const index = untracked(this.rows).findIndex(wanted);
    if (index < 0) return;
    this.following.set(false);
    afterNextRender(() => this.viewport()?.scrollToIndex(Math.max(index - ABOVE, 0)), {
      injector: this.injector,
    });
  }

  protected toEnd(): void {
    this.following.set(true);
    afterNextRender(() => this.viewport()?.scrollTo({ bottom: 0 }), { injector: this.injector });
  }
}
