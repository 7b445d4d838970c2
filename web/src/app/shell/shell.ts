import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import {
  LucideCheck,
  LucideCircleUser,
  LucideCoins,
  LucideDynamicIcon,
  LucideHand,
  LucideLayers,
  LucideLogOut,
  LucideMoon,
  LucidePlay,
  LucideSettings,
  LucideSun,
  LucideSunMoon,
} from '@lucide/angular';
import { Session } from '../auth/session';
import { ConnectionBanner } from './connection-banner';
import { LiveEvents } from './live-events';
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
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  protected readonly session = inject(Session);
  protected readonly live = inject(LiveEvents);
  protected readonly choice = inject(ThemeChoice);
  protected readonly themes = THEME_CHOICES;
  protected readonly destinations = [
    { path: '/runs', label: 'Runs', icon: LucidePlay },
    { path: '/approvals', label: 'Approvals', icon: LucideHand },
    { path: '/profiles', label: 'Profiles', icon: LucideLayers },
    { path: '/costs', label: 'Costs', icon: LucideCoins },
    { path: '/settings', label: 'Settings', icon: LucideSettings },
  ];

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
