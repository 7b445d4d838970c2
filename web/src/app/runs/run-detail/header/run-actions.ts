import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { LucideEllipsis } from '@lucide/angular';
import { firstValueFrom } from 'rxjs';
import { type ReasonAnswer, ReasonDialog, type ReasonQuestion } from '../../../shared/dialogs/reason-dialog';
import { sentence } from '../../../shared/status/status-look';
import { blockedGates, currentPhase, type RunAction } from '../../legal-actions';
import type { RunDetail } from '../../run-models';
import { RunControl } from '../../run-control';
import { actionQuestion } from './action-question';
import { RunStore } from '../run-store';

const LABELS: Readonly<Record<RunAction, string>> = {
  advance: 'Advance',
  retry: 'Retry',
  waive: 'Waive and go on',
  approve: 'Approve',
  reject: 'Ask for changes',
  skip: 'Skip the phase',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel the run',
};

const RARE: ReadonlySet<RunAction> = new Set(['skip', 'cancel']);
/** These do not move a run onward and are never offered as the thing to do. */
const QUIET: ReadonlySet<RunAction> = new Set(['pause']);

/** The buttons that are legal for this run and person: the one that moves it is filled, rare ones are in the menu. */
@Component({
  selector: 'o-run-actions',
  imports: [LucideEllipsis, MatButton, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    @for (action of main(); track action; let first = $first) {
      <button
        [matButton]="first && !quiet(action) ? 'filled' : 'outlined'"
        type="button"
        [disabled]="store.busy()"
        (click)="start(action)"
      >
        {{ label(action) }}
      </button>
    }
    @if (rare().length > 0) {
      <button matIconButton type="button" aria-label="More actions" [matMenuTriggerFor]="menu">
        <svg lucideEllipsis aria-hidden="true"></svg>
      </button>
      <mat-menu #menu="matMenu" xPosition="before">
        @for (action of rare(); track action) {
          <button mat-menu-item type="button" [disabled]="store.busy()" (click)="start(action)">
            {{ label(action) }}
          </button>
        }
      </mat-menu>
    }
  `,
  styles: ':host { display: flex; align-items: center; gap: var(--o-2); }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunActions {
  readonly run = input.required<RunDetail>();
  protected readonly store = inject(RunStore);
  private readonly control = inject(RunControl);
  private readonly dialog = inject(MatDialog);

  protected readonly main = computed(() => this.store.actions().filter((action) => !RARE.has(action)));
  protected readonly rare = computed(() => this.store.actions().filter((action) => RARE.has(action)));

  protected quiet(action: RunAction): boolean {
    return QUIET.has(action);
  }

  protected label(action: RunAction): string {
    return action === 'advance' ? `Start ${sentence(this.run().current_phase)}` : LABELS[action];
  }

  protected async start(action: RunAction): Promise<void> {
    const question = actionQuestion(action, this.run(), blockedGates(currentPhase(this.run())));
    if (question === null) {
      await this.send(action, '');
      return;
    }
    const answer = await this.ask(question);
    if (answer !== undefined) await this.send(action, answer.text);
  }

  private async ask(question: ReasonQuestion): Promise<ReasonAnswer | undefined> {
    const dialog = this.dialog.open<ReasonDialog, ReasonQuestion, ReasonAnswer>(ReasonDialog, {
      data: question,
      width: '480px',
    });
    return await firstValueFrom(dialog.afterClosed());
  }

  private async send(action: RunAction, text: string): Promise<boolean> {
    const { run_id: id, current_phase: phase } = this.run();
    switch (action) {
      case 'advance':
      case 'retry':
        return await this.store.act(this.control.advance(id));
      case 'waive':
        return await this.store.act(this.control.waive(id, text));
      case 'approve':
        return await this.store.act(this.control.approve(id, phase, text || null));
      case 'reject':
        return await this.store.act(this.control.reject(id, phase, text));
      case 'skip':
        return await this.store.act(this.control.skip(id, phase));
      case 'pause':
        return await this.store.act(this.control.pause(id));
      case 'resume':
        return await this.store.act(this.control.resume(id));
      case 'cancel':
        return await this.store.act(this.control.cancel(id));
    }
  }
}
