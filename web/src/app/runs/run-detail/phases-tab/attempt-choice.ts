import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { RelativeTime } from '../../../shared/format/relative-time';
import type { PhaseAttempt, PhaseInfo } from '../../run-models';
import { earlierAttempts } from './phase-choice';

/** Chooses which attempt of a phase is shown, and says so when it is an earlier one. */
@Component({
  selector: 'o-attempt-choice',
  imports: [RelativeTime],
  template: `
    <label>
      Show
      <select class="input" [value]="shown()?.attempt ?? ''" (change)="choose($event)">
        <option value="">
          {{
            phase().status === 'pending'
              ? 'the phase as it stands'
              : 'attempt ' + phase().attempt + ', the newest'
          }}
        </option>
        @for (number of earlier(); track number) {
          <option [value]="number" [selected]="number === shown()?.attempt">attempt {{ number }}</option>
        }
      </select>
    </label>
    @if (shown(); as attempt) {
      <p role="note">
        <strong>Superseded</strong>
        @if (attempt.superseded_at) {
          by a rollback <o-time [at]="attempt.superseded_at" />.
        } @else {
          by a later attempt.
        }
        @if (attempt.comment) {
          It was asked for with: {{ attempt.comment }}
        }
      </p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--o-2) var(--o-4);
      font-size: var(--o-text-s);
    }
    p {
      color: var(--o-text-2);
      overflow-wrap: anywhere;
    }
    label {
      display: flex;
      align-items: center;
      gap: var(--o-2);
    }
    select {
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AttemptChoice {
  /** As it stands. */
  readonly phase = input.required<PhaseInfo>();
  /** The earlier attempt that is shown; null: the phase as it stands. */
  readonly shown = input.required<PhaseAttempt | null>();
  readonly chosen = output<string | null>();
  protected readonly earlier = computed(() => earlierAttempts(this.phase()));

  protected choose(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.chosen.emit(event.target.value || null);
  }
}
