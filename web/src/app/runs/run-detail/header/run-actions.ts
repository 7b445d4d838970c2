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
import { RunsGateway } from '../../runs-gateway';
import { actionQuestion } from './action-question';
import { RunStore } from '../run-store';

const LABELS: Readonly<Record<RunAction, string>> = {
  advance: 'Advance',
  retry: 'Retry',
  waive: 'Waive and go on',
  approve: 'Approve',
  reject: 'Ask for changes',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel the run',
};

/** The buttons that are legal for this run and person: the one that moves it is filled, rare ones are in the menu. */
@Component({
  selector: 'o-run-actions',
  imports: [LucideEllipsis, MatButton, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    @for (action of main(); track action; let first = $first) {
      <button
        [matButton]="first ? 'filled' : 'outlined'"
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
  private readonly gateway = inject(RunsGateway);
  private readonly dialog = inject(MatDialog);

  protected readonly main = computed(() => this.store.actions().filter((action) => action !== 'cancel'));
  protected readonly rare = computed(() => this.store.actions().filter((action) => action === 'cancel'));

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

  private async send(action: RunAction, text: string): Promise<void> {
    const { run_id: id, current_phase: phase } = this.run();
    switch (action) {
      case 'advance':
      case 'retry':
        await this.store.act(this.gateway.advance(id));
        break;
      case 'waive':
        await this.store.act(this.gateway.waive(id, text));
        break;
      case 'approve':
      case 'reject':
        await this.store.act(this.gateway.decide(id, phase, action, text || null));
        break;
      case 'pause':
      case 'resume':
      case 'cancel':
        await this.store.act(this.gateway.move(id, action));
        break;
    }
  }
}
