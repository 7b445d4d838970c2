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
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { LucideArrowDownToLine, LucideDownload } from '@lucide/angular';
import { saveFile } from '../../../shared/save-file';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunsGateway } from '../../runs-gateway';
import { AnsiText } from './ansi-text';
import { LogBuffer } from './log-buffer';

const LINE_HEIGHT = 20;

/** The log of a step: only what is visible is in the page; it follows its end until somebody scrolls up. */
@Component({
  selector: 'o-log-panel',
  imports: [
    AnsiText,
    CdkFixedSizeVirtualScroll,
    CdkVirtualForOf,
    CdkVirtualScrollViewport,
    LucideArrowDownToLine,
    LucideDownload,
    MatButton,
    ProblemBanner,
  ],
  templateUrl: './log-panel.html',
  styleUrl: './log-panel.scss',
  providers: [LogBuffer],
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
  protected readonly buffer = inject(LogBuffer);
  private readonly viewport = viewChild(CdkVirtualScrollViewport);
  protected readonly search = signal('');
  protected readonly following = signal(true);
  protected readonly lineHeight = LINE_HEIGHT;
  private readonly source = computed(() => ({
    runId: this.runId(),
    phase: this.phase(),
    step: this.step(),
    attempt: this.attempt(),
  }));

  protected readonly shown = computed(() => {
    const words = this.search().toLowerCase();
    const lines = this.buffer.lines();
    return words === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(words));
  });
  protected readonly height = computed(
    () => Math.min(Math.max(this.shown().length, 4), 26) * LINE_HEIGHT + 16,
  );

  constructor() {
    effect(() => {
      const [source, live] = [this.source(), this.live()];
      untracked(() => {
        this.buffer.show(source, live);
      });
    });
    effect(() => {
      if (this.shown().length > 0 && this.following()) this.toEnd();
    });
  }

  protected find(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.search.set(event.target.value);
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
    if (viewport !== undefined) this.following.set(viewport.measureScrollOffset('bottom') < LINE_HEIGHT * 2);
  }

  protected toEnd(): void {
    this.following.set(true);
    afterNextRender(() => this.viewport()?.scrollTo({ bottom: 0 }), { injector: this.injector });
  }
}
