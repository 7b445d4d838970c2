import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideChevronLeft, LucideGitBranch, LucideShieldOff } from '@lucide/angular';
import { Clock } from '../../../shared/format/clock';
import { CopyText } from '../../../shared/copy-text';
import { DurationPipe } from '../../../shared/format/duration';
import { MoneyPipe } from '../../../shared/format/money';
import { RelativeTime } from '../../../shared/format/relative-time';
import { ShortIdPipe } from '../../../shared/format/short-id';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { PhaseStrip } from '../../../shared/status/phase-strip';
import { StatusBadge } from '../../../shared/status/status-badge';
import { workingSeconds } from '../../working-time';
import { currentPhase, type RunAction } from '../../legal-actions';
import type { RunDetail } from '../../run-models';
import { standingSentence } from '../../waiting-words';
import { RunStore } from '../run-store';
import { ChangeLimits } from './change-limits';
import { RunActions } from './run-actions';

const MOVING: ReadonlySet<RunAction> = new Set(['advance', 'retry', 'approve', 'resume']);

/** Where a run stands: status, what it waits for, the action that moves it, progress, and cost against budget. */
@Component({
  selector: 'o-run-header',
  imports: [
    ChangeLimits,
    CopyText,
    DurationPipe,
    LucideChevronLeft,
    LucideGitBranch,
    LucideShieldOff,
    MoneyPipe,
    PhaseStrip,
    ProblemBanner,
    RelativeTime,
    RouterLink,
    RunActions,
    ShortIdPipe,
    StatusBadge,
  ],
  templateUrl: './run-header.html',
  styleUrl: './run-header.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunHeader {
  readonly run = input.required<RunDetail>();
  protected readonly store = inject(RunStore);
  private readonly clock = inject(Clock);

  protected readonly standing = computed(() => standingSentence(this.run(), currentPhase(this.run())?.title));
  protected readonly seconds = computed(() => workingSeconds(this.run().phases, this.clock.now()));
  /** Something that this person may do moves the run. */
  protected readonly needsMe = computed(
    () =>
      this.store.actions().some((action) => MOVING.has(action)) || this.run().waiting_on?.kind === 'agent',
  );
  /** Why the run failed, unless what it waits for says so already. */
  protected readonly failure = computed(() => {
    const message = this.run().failure?.message ?? null;
    return message === null || this.run().waiting_on?.detail.includes(message) ? null : message;
  });
  protected readonly waived = computed(
    () => this.run().phases.flatMap((phase) => phase.gates.filter((gate) => gate.status === 'waived')).length,
  );
  protected readonly source = computed(() => {
    const repository = this.run().repository;
    if (repository === null) return null;
    const place = repository.url ?? repository.path ?? '';
    return repository.ref === null ? place : `${place} @ ${repository.ref}`;
  });
  /** Used share of the money budget, 0–1; null without a budget. */
  protected readonly used = computed(() => {
    const limit = this.run().budget.max_cost_usd;
    return limit === null || limit === 0 ? null : Math.min(this.run().cost_usd / limit, 1);
  });
}
