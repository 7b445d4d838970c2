import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { Session } from '../../auth/session';
import { pagesFor } from '../pages';

/** The second key of two must follow within this time, milliseconds. */
const PAIR_MS = 1500;

/** Does what keys ask for, unless somebody types or a dialog is open. */
@Injectable({ providedIn: 'root' })
export class ShortcutKeys {
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);
  private goAt = -Infinity;

  press(event: KeyboardEvent): void {
    if (this.dialog.openDialogs.length > 0) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      void this.openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const paired = event.timeStamp - this.goAt < PAIR_MS;
    this.goAt = -Infinity;
    if (paired ? this.goTo(event.key) : this.single(event)) event.preventDefault();
  }

  async openPalette(): Promise<void> {
    const { Palette } = await import('../palette/palette');
    this.dialog.open(Palette, {
      ariaLabel: 'Go to a run or page, or do something',
      autoFocus: 'input',
      maxWidth: '92vw',
      position: { top: '12vh' },
    });
  }

  private single(event: KeyboardEvent): boolean {
    switch (event.key) {
      case 'g':
        this.goAt = event.timeStamp;
        return true;
      case 'n':
        if (!this.session.may('runs:create')) return false;
        void this.router.navigateByUrl('/runs/new');
        return true;
      case '/':
        return focusSearch();
      case '?':
        void this.openList();
        return true;
      default:
        return false;
    }
  }

  private goTo(key: string): boolean {
    const page = pagesFor(this.session).find((candidate) => candidate.key === key);
    if (page === undefined) return false;
    void this.router.navigateByUrl(page.path);
    return true;
  }

  private async openList(): Promise<void> {
    const { Shortcuts } = await import('./shortcuts');
    this.dialog.open(Shortcuts);
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])'));

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type=search]');
  field?.focus();
  field?.select();
  return field !== null;
}
