import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';

export interface ReasonQuestion {
  readonly title: string;
  readonly text: string;
  readonly points?: readonly string[];
  /** Label of the text that is asked for; null asks only for a yes. */
  readonly label: string | null;
  readonly required: boolean;
  readonly confirm: string;
  readonly dismiss?: string;
  readonly danger?: boolean;
}

export interface ReasonAnswer {
  readonly text: string;
}

/** Asks before something that matters, and for the reason where one is recorded. */
@Component({
  selector: 'o-reason-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  templateUrl: './reason-dialog.html',
  styles: `
    .points {
      padding-left: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReasonDialog {
  protected readonly question = inject<ReasonQuestion>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<ReasonDialog, ReasonAnswer>>(MatDialogRef);
  protected readonly text = signal('');
  protected readonly answerable = computed(() => !this.question.required || this.text().trim() !== '');

  protected read(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.text.set(event.target.value);
  }

  /** Without an answer: nothing is done. */
  protected dismiss(): void {
    this.dialog.close();
  }

  protected confirm(): void {
    if (this.answerable()) this.dialog.close({ text: this.text().trim() });
  }
}
