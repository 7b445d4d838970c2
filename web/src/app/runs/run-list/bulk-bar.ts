import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Session } from '../../auth/session';
import { Questions } from '../../shared/dialogs/questions';
import type { ReasonQuestion } from '../../shared/dialogs/reason-dialog';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type BulkAction, RunControl } from '../run-control';
import type { RunSummary } from '../run-models';

interface Choice {
  readonly action: BulkAction;
  readonly label: string;
  readonly done: string;
}

const CHOICES: readonly Choice[] = [
  { action: 'pause', label: 'Pause', done: 'paused' },
  { action: 'resume', label: 'Resume', done: 'resumed' },
  { action: 'cancel', label: 'Cancel', done: 'cancelled' },
  { action: 'archive', label: 'Archive', done: 'archived' },
];

/** Runs that something was not done with for the same reason. */
interface Refusal {
  readonly why: string;
  readonly names: readonly string[];
}

/** What the last action came to: how many went well, and why the others did not. */
interface Outcome {
  readonly text: string;
  readonly refused: readonly Refusal[];
}

/**
 * Compares two chosen runs, or does one thing with all of them and tells what came of each. It keeps to the end of the
 * screen: rows stay where they are when the first is chosen.
 */
@Component({
  selector: 'o-bulk-bar',
  imports: [MatButton, ProblemBanner, RouterLink],
  template: `
    @if (runs().length > 0) {
      <div class="panel bar" role="toolbar" aria-label="Chosen runs">
        <strong class="num">{{ runs().length }} chosen</strong>
        @if (pair(); as pair) {
          <a matButton="outlined" routerLink="/runs/compare" [queryParams]="pair">Compare</a>
        }
        @for (choice of choices(); track choice.action) {
          <button matButton="outlined" type="button" [disabled]="busy()" (click)="act(choice)">
            {{ choice.label }}
          </button>
        }
        <button matButton type="button" (click)="cleared.emit()">Choose none</button>
      </div>
    }
    @if (error(); as error) {
      <o-problem [error]="error" />
    }
    <div role="status">
      @if (outcome(); as outcome) {
        <div class="panel outcome">
          <div class="row">
            <strong class="grow">{{ outcome.text }}</strong>
            <button matButton type="button" (click)="close()">Close</button>
          </div>
          @for (reason of outcome.refused; track reason.why) {
            <p>
              <span class="why">{{ reason.why }}</span> {{ reason.names.join(', ') }}
            </p>
          }
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      position: sticky;
      z-index: 3;
      bottom: 0;
      display: flex;
      flex-direction: column-reverse;
      gap: var(--o-2);
      padding-bottom: var(--o-2);
    }
    .bar,
    .outcome {
      border-color: var(--o-border-strong);
      box-shadow: var(--o-shadow);
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--o-2);
      padding: var(--o-2) var(--o-3);
    }
    .outcome {
      max-height: 40vh;
      overflow: auto;
      padding: var(--o-2) var(--o-3);
    }
    .outcome p {
      padding-bottom: var(--o-1);
      color: var(--o-text-2);
      overflow-wrap: anywhere;
    }
    .why {
      display: block;
      color: var(--o-bad);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BulkBar {
  readonly runs = input.required<readonly RunSummary[]>();
  readonly cleared = output();
  /** Something was done with the runs. */
  readonly acted = output();
  private readonly control = inject(RunControl);
  private readonly questions = inject(Questions);
  private readonly session = inject(Session);
  protected readonly choices = computed(() => (this.session.may('runs:operate') ? CHOICES : []));
  /** The older of two chosen runs is the first. */
  protected readonly pair = computed(() => {
    const [one, other, third] = [...this.runs()].sort((x, y) => x.created_at.localeCompare(y.created_at));
    if (one === undefined || other === undefined || third !== undefined) return null;
    return { a: one.run_id, b: other.run_id };
  });
  protected readonly busy = signal(false);
  protected readonly error = signal<unknown>(null);
  protected readonly outcome = signal<Outcome | null>(null);
  private readonly names = computed(() => new Map(this.runs().map((run) => [run.run_id, run.project_name])));

  protected close(): void {
    this.outcome.set(null);
  }

  protected async act(choice: Choice): Promise<void> {
    const question = questionOf(choice, this.runs());
    if (question !== null && (await this.questions.ask(question)) === undefined) return;
    this.busy.set(true);
    this.error.set(null);
    this.outcome.set(null);
    try {
      const names = this.names();
      const { results } = await firstValueFrom(this.control.bulk(choice.action, [...names.keys()]));
      const refused = results.filter(({ ok }) => !ok);
      const done = results.length - refused.length;
      this.outcome.set({
        text: `${String(done)} of ${String(results.length)} ${choice.done}.`,
        refused: byReason(
          refused.map(({ run_id: id, detail }) => [names.get(id) ?? id, detail ?? 'Not done.']),
        ),
      });
      if (refused.length === 0) this.cleared.emit();
      this.acted.emit();
    } catch (error) {
      this.error.set(error);
    } finally {
      this.busy.set(false);
    }
  }
}

const byReason = (refused: readonly (readonly [name: string, why: string])[]): Refusal[] =>
  [...new Set(refused.map(([, why]) => why))].map((why) => ({
    why,
    names: refused.filter((other) => other[1] === why).map(([name]) => name),
  }));

/** Cancelling is final, and archived runs leave the list. */
function questionOf({ action, label }: Choice, runs: readonly RunSummary[]): ReasonQuestion | null {
  if (action === 'pause' || action === 'resume') return null;
  const many = runs.length === 1 ? 'the run' : `${String(runs.length)} runs`;
  return {
    title: `${label} ${many}?`,
    text:
      action === 'cancel'
        ? 'What executes is stopped, and nothing of these runs starts again.'
        : 'They leave the list and stay readable: the filter “archived” shows them.',
    points: runs.slice(0, 10).map((run) => run.project_name),
    label: null,
    required: false,
    confirm: `${label} ${many}`,
    dismiss: 'Back',
    danger: action === 'cancel',
  };
}
