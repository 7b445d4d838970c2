import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Session } from '../../../auth/session';
import { mayChangeLimits } from '../../legal-actions';
import type { RunDetail } from '../../run-models';
import { RunStore } from '../run-store';
import { LimitsDialog } from './limits-dialog';

/** Offers to change what the run may cost, to those who may. */
@Component({
  selector: 'o-change-limits',
  imports: [MatButton],
  template: `@if (offered()) {
    <button [matButton]="waits() ? 'filled' : 'text'" type="button" (click)="open()">
      Change the limits
    </button>
  }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ChangeLimits {
  readonly run = input.required<RunDetail>();
  private readonly store = inject(RunStore);
  private readonly session = inject(Session);
  private readonly dialog = inject(MatDialog);
  protected readonly offered = computed(() => mayChangeLimits(this.run(), this.session.user()));
  /** It is what the run waits for. */
  protected readonly waits = computed(() => this.run().waiting_on?.kind === 'budget');

  protected open(): void {
    const data = this.run();
    this.dialog
      .open<LimitsDialog, RunDetail, boolean>(LimitsDialog, { data, width: '420px' })
      .afterClosed()
      .subscribe((changed) => {
        if (changed === true) this.store.reload();
      });
  }
}
