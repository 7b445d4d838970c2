import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import {
  LucideCheck,
  LucideCircleUser,
  LucideDynamicIcon,
  LucideLogOut,
  LucideMoon,
  LucideSearch,
  LucideSun,
  LucideSunMoon,
} from '@lucide/angular';
import { Session } from '../auth/session';
import { pagesFor } from './pages';
import { ConnectionBanner } from './connection-banner';
import { LiveEvents } from './live-events';
import { ShortcutKeys } from './shortcuts/shortcut-keys';
import { ThemeChoice, type Theme } from './theme-choice';

const THEME_CHOICES = [
  { theme: 'system', label: 'As the system', icon: LucideSunMoon },
  { theme: 'light', label: 'Light', icon: LucideSun },
  { theme: 'dark', label: 'Dark', icon: LucideMoon },
] as const;

/** The frame of every signed-in page: navigation, who I am, connection state. */
@Component({
  selector: 'o-shell',
  imports: [
    ConnectionBanner,
    LucideCheck,
    LucideCircleUser,
    LucideDynamicIcon,
    LucideLogOut,
    LucideSearch,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  host: { '(document:keydown)': 'keys.press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  protected readonly session = inject(Session);
  protected readonly keys = inject(ShortcutKeys);
  protected readonly live = inject(LiveEvents);
  protected readonly choice = inject(ThemeChoice);
  protected readonly themes = THEME_CHOICES;
  protected readonly pages = computed(() => pagesFor(this.session));

  protected choose(theme: Theme): void {
    this.choice.choose(theme);
  }

  protected signOut(): void {
    void this.session.logout();
  }

  /** Moves the focus past the navigation; a plain anchor would leave the page's base address. */
  protected skip(event: Event, main: HTMLElement): void {
    event.preventDefault();
    main.focus();
  }
}
