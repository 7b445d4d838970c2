import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, output } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatTooltip } from '@angular/material/tooltip';
import { LucideDynamicIcon } from '@lucide/angular';
import { Clock } from '../../../shared/format/clock';
import { DurationPipe, formatDuration } from '../../../shared/format/duration';
import { keepLast } from '../../../shared/keep-last';
import { Loading } from '../../../shared/loading';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { statusLook } from '../../../shared/status/status-look';
import { RunsGateway } from '../../runs-gateway';
import { RunStore } from '../run-store';
import { type TimelineRow, timelineRows, wholeTime, workedTimes } from './timeline-rows';
import { gapsBetween, lengthOf, type Stretch, timeScale } from './timeline-scale';
import { exactMoment, rowWords, spanWords, tickLabel } from './timeline-words';

/** What was chosen on the timeline; a null attempt is the newest. */
export interface TimelineChoice {
  readonly phase: string;
  readonly step: string | null;
  readonly attempt: number | null;
}

/** Phases, attempts and steps on one axis of time: what worked, what waited, and when nothing did. */
@Component({
  selector: 'o-run-timeline',
  imports: [DurationPipe, Loading, LucideDynamicIcon, MatTooltip, ProblemBanner],
  templateUrl: './run-timeline.html',
  styleUrl: './run-timeline.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunTimelineView {
  readonly chosen = output<TimelineChoice>();
  private readonly gateway = inject(RunsGateway);
  private readonly store = inject(RunStore);
  private readonly clock = inject(Clock);
  protected readonly look = statusLook;
  protected readonly resource = rxResource({
    params: () => this.store.runId() || undefined,
    stream: ({ params }) => this.gateway.timeline(params),
  });
  protected readonly timeline = keepLast(this.resource);

  /** Whether time passes on this page: a run that is over is drawn once. */
  private readonly moving = computed(() => {
    const status = this.store.run()?.status;
    return status === 'running' || status === 'paused';
  });
  private readonly now = computed(() => (this.moving() ? this.clock.now().getTime() : Date.now()));
  private readonly drawn = computed(() => {
    const timeline = this.timeline();
    return timeline === undefined ? [] : timelineRows(timeline, this.store.run(), this.now());
  });
  private readonly whole = computed<Stretch>(() => {
    const timeline = this.timeline();
    if (timeline === undefined) return { from: 0, to: 1 };
    return wholeTime(timeline, this.drawn(), this.moving(), this.now());
  });
  protected readonly gaps = computed(() => gapsBetween(workedTimes(this.drawn()), this.whole()));
  /** Gaps that take most of the axis are shortened unless somebody says otherwise. */
  private readonly mostlyGaps = computed(() => lengthOf(this.gaps()) > lengthOf([this.whole()]) / 2);
  protected readonly shorten = linkedSignal(() => this.mostlyGaps());
  private readonly scale = computed(() => timeScale(this.whole(), this.gaps(), this.shorten()));

  protected readonly totals = computed(() => {
    const whole = lengthOf([this.whole()]) / 1000;
    return { whole, worked: unionSeconds(workedTimes(this.drawn())) };
  });
  protected readonly ticks = computed(() =>
    this.scale().ticks.map(({ at, place }) => ({
      at,
      left: place * 100,
      label: tickLabel(at, lengthOf([this.whole()])),
    })),
  );
  protected readonly marks = computed(() =>
    this.gaps().map((gap) => ({
      ...this.spread(gap),
      from: gap.from,
      words: `No step worked for ${formatDuration((gap.to - gap.from) / 1000)}, ${exactMoment(gap.from)} to ${exactMoment(gap.to)}`,
    })),
  );
  protected readonly rows = computed(() =>
    this.drawn().map((row) => ({ ...row, words: rowWords(row), bars: this.bars(row) })),
  );

  constructor() {
    this.store.onChange(() => {
      this.resource.reload();
    });
  }

  protected open({ phase, step }: TimelineRow, attempt: number | null): void {
    this.chosen.emit({ phase, step, attempt });
  }

  private bars(row: TimelineRow) {
    return row.spans.map((span) => ({
      ...this.spread(span),
      attempt: span.attempt,
      css: `${span.kind} ${statusLook(span.status).tone} ${span.superseded ? 'superseded' : ''} ${span.open ? 'open' : ''}`,
      words: spanWords(row, span),
    }));
  }

  /** Where a stretch lies on the axis, percent. */
  private spread({ from, to }: Stretch): { readonly left: number; readonly width: number } {
    const { place } = this.scale();
    const left = place(from) * 100;
    return { left, width: Math.max(place(to) * 100 - left, 0) };
  }
}

/** Time in which at least one thing worked, seconds: what ran beside each other counts once. */
function unionSeconds(stretches: readonly Stretch[]): number {
  let [total, known] = [0, 0];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    total += Math.max(to - Math.max(from, known), 0);
    known = Math.max(known, to);
  }
  return total / 1000;
}
