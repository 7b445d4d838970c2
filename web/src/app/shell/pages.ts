import {
  LucideCalendarClock,
  LucideCoins,
  LucideCpu,
  LucideFileStack,
  LucideHand,
  type LucideIcon,
  LucideLayers,
  LucidePlay,
  LucideSettings,
} from '@lucide/angular';
import type { Permission } from '../auth/auth-gateway';
import type { Session } from '../auth/session';

/** A page that the navigation leads to. */
export interface Page {
  readonly path: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Second key after `g`. */
  readonly key: string;
}

interface Offered extends Page {
  /** Without this permission there is nothing to see. */
  readonly needs?: Permission;
}

const PAGES: readonly Offered[] = [
  { path: '/runs', label: 'Runs', icon: LucidePlay, key: 'r' },
  { path: '/approvals', label: 'Approvals', icon: LucideHand, key: 'a' },
  { path: '/profiles', label: 'Profiles', icon: LucideLayers, key: 'p' },
  { path: '/templates', label: 'Templates', icon: LucideFileStack, key: 't' },
  {
    path: '/schedules',
    label: 'Schedules',
    icon: LucideCalendarClock,
    key: 's',
    needs: 'schedules:manage',
  },
  { path: '/costs', label: 'Costs', icon: LucideCoins, key: 'c' },
  { path: '/workers', label: 'Workers', icon: LucideCpu, key: 'w' },
  { path: '/settings', label: 'Settings', icon: LucideSettings, key: 'e' },
];

/** The pages that somebody can use, in the order of the rail. */
export const pagesFor = (session: Pick<Session, 'may'>): readonly Page[] =>
  PAGES.filter(({ needs }) => needs === undefined || session.may(needs));
