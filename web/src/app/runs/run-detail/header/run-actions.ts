import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import { LucideEllipsis } from '@lucide/angular';
import { Drafts } from '../../../shared/drafts';
import { Questions } from '../../../shared/dialogs/questions';
import { sentence } from '../../../shared/status/status-look';
import { blockedGates, currentPhase, type RunAction } from '../../legal-actions';
import type { RunDetail } from '../../run-models';
import { RunControl } from '../../run-control';
import { draftKeys, draftOf } from '../../new-run/run-draft';
import { ShareDialog, type SharedRun } from '../../sharing/share-dialog';
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
  clone: 'Clone with changes',
  share: 'Share',
  archive: 'Archive the run',
  erase: 'Erase the run',
};

const RARE: ReadonlySet<RunAction> = new Set(['skip', 'cancel', 'clone', 'share', 'archive', 'erase']);
/** These do not move a run onward and are never offered as the thing to do. */
const QUIET: ReadonlySet<RunAction> = new Set(['pause']);

/** The buttons that are legal for this run and person: the one that moves it is filled, rare ones are in the menu. */
@Component({
  selector: 'o-run-actions',
  imports: [LucideEllipsis, MatButton, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
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
    <button matIconButton type="button" aria-label="More actions" [matMenuTriggerFor]="menu">
      <svg lucideEllipsis aria-hidden="true"></svg>
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @for (action of rare(); track action) {
        <button mat-menu-item type="button" [disabled]="store.busy()" (click)="start(action)">
          {{ label(action) }}
        </button>
      }
      <a mat-menu-item routerLink="/runs/compare" [queryParams]="{ a: run().run_id }">
        Compare with another run
      </a>
    </mat-menu>
  `,
  styles: ':host { display: flex; align-items: center; gap: var(--o-2); white-space: nowrap; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunActions {
  readonly run = input.required<RunDetail>();
  protected readonly store = inject(RunStore);
  private readonly control = inject(RunControl);
  private readonly questions = inject(Questions);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
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
    const answer = await this.questions.ask(question);
    if (answer !== undefined) await this.send(action, answer.text);
  }

  /** The form of a new run holds what this one was made with; a draft of such a clone goes on. */
  private clone(): Promise<boolean> {
    const { run_id: id } = this.run();
    const { draft, parameters } = draftKeys(id);
    if (!this.drafts.has(draft)) {
      this.drafts.write(draft, draftOf(this.run()));
      this.drafts.write(parameters, this.run().parameters);
    }
    return this.router.navigate(['/runs/new'], { queryParams: { from: id } });
  }

  private share(): boolean {
    const { run_id: runId, project_name: projectName } = this.run();
    this.dialog.open<ShareDialog, SharedRun>(ShareDialog, { data: { runId, projectName }, width: '520px' });
    return true;
  }

  private async erase(id: string): Promise<boolean> {
    const erased = await this.store.act(this.control.erase(id), 'gone');
    return erased && (await this.router.navigate(['/runs']));
  }

  private async send(action: RunAction, text: string): Promise<boolean> {
    const { run_id: id, current_phase: phase } = this.run();
    const step = currentPhase(this.run())?.approval?.step ?? null;
    switch (action) {
      case 'advance':
      case 'retry':
        return await this.store.act(this.control.advance(id));
      case 'waive':
        return await this.store.act(this.control.waive(id, text));
      case 'approve':
        return await this.store.act(this.control.approve(id, phase, step, text || null));
      case 'reject':
        return await this.store.act(this.control.reject(id, phase, step, text));
      case 'skip':
        return await this.store.act(this.control.skip(id, phase));
      case 'pause':
        return await this.store.act(this.control.pause(id));
      case 'resume':
        return await this.store.act(this.control.resume(id));
      case 'cancel':
        return await this.store.act(this.control.cancel(id));
      case 'clone':
        return await this.clone();
      case 'share':
        return this.share();
      case 'archive':
        return await this.store.act(this.control.archive(id));
      case 'erase':
        return await this.erase(id);
    }
  }
}
