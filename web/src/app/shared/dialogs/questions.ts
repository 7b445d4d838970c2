import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { type ReasonAnswer, ReasonDialog, type ReasonQuestion } from './reason-dialog';

/** Asks before something that matters. */
@Injectable({ providedIn: 'root' })
export class Questions {
  private readonly dialog = inject(MatDialog);

  /** The answer; undefined where somebody thought better of it. */
  ask(question: ReasonQuestion): Promise<ReasonAnswer | undefined> {
    const dialog = this.dialog.open<ReasonDialog, ReasonQuestion, ReasonAnswer>(ReasonDialog, {
      data: question,
      width: '480px',
    });
    return firstValueFrom(dialog.afterClosed());
  }
}
