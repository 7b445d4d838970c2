import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import {
  LucideColumns2,
  LucideKeyboard,
  LucideLogOut,
  LucideMoon,
  LucidePlus,
  LucideSun,
  LucideSunMoon,
} from '@lucide/angular';
import { Session } from '../../auth/session';
import { pagesFor } from '../pages';
import { Shortcuts } from '../shortcuts/shortcuts';
import { ThemeChoice } from '../theme-choice';
import type { PaletteItem } from './palette-items';

/** What the palette offers before anything is typed: things to do, and pages. */
@Injectable({ providedIn: 'root' })
export class PaletteCommands {
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly theme = inject(ThemeChoice);
  private readonly dialog = inject(MatDialog);

  all(): readonly PaletteItem[] {
    return [...this.actions(), ...this.pages()];
  }

  private pages(): PaletteItem[] {
    return pagesFor(this.session).map(({ path, label, icon }) => ({
      ...{ id: `page${path}`, group: 'Pages' as const, label, detail: '', icon, words: 'go page open' },
      go: () => this.router.navigateByUrl(path),
    }));
  }

  private actions(): PaletteItem[] {
    const start = this.session.may('runs:create')
      ? [this.action('Start a run', LucidePlus, 'new create', () => this.router.navigateByUrl('/runs/new'))]
      : [];
    return [
      ...start,
      this.action('Compare two runs', LucideColumns2, 'difference', () =>
        this.router.navigateByUrl('/runs/compare'),
      ),
      this.action('Light theme', LucideSun, 'switch bright', () => {
        this.theme.choose('light');
      }),
      this.action('Dark theme', LucideMoon, 'switch night', () => {
        this.theme.choose('dark');
      }),
      this.action('Theme of the system', LucideSunMoon, 'switch automatic', () => {
        this.theme.choose('system');
      }),
      this.action('Keyboard shortcuts', LucideKeyboard, 'help keys', () => this.dialog.open(Shortcuts)),
      this.action('Sign out', LucideLogOut, 'log out leave', () => this.session.logout()),
    ];
  }

  private action(
    label: string,
    icon: PaletteItem['icon'],
    words: string,
    go: PaletteItem['go'],
  ): PaletteItem {
    return { id: label, group: 'Do', label, detail: '', icon, words, go };
  }
}
