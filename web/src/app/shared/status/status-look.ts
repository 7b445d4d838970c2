import {
  LucideBan,
  LucideCircle,
  LucideCircleAlert,
  LucideCircleCheck,
  LucideCircleDashed,
  LucideCirclePause,
  LucideCirclePlay,
  LucideCircleSlash,
  LucideHand,
  LucideHourglass,
  LucideShieldOff,
  LucideTriangleAlert,
  type LucideIcon,
} from '@lucide/angular';

export type Tone = 'run' | 'ok' | 'warn' | 'bad' | 'hold' | 'idle';

export interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  /** Tells the status apart where colour does not. */
  readonly icon: LucideIcon;
}

/** One look for every status of runs, phases, steps, tries and gates. */
const LOOKS: Readonly<Record<string, StatusLook>> = {
  running: { label: 'Running', tone: 'run', icon: LucideCirclePlay },
  in_progress: { label: 'In progress', tone: 'run', icon: LucideCirclePlay },
  paused: { label: 'Paused', tone: 'hold', icon: LucideCirclePause },
  completed: { label: 'Completed', tone: 'ok', icon: LucideCircleCheck },
  succeeded: { label: 'Succeeded', tone: 'ok', icon: LucideCircleCheck },
  passed: { label: 'Passed', tone: 'ok', icon: LucideCircleCheck },
  failed: { label: 'Failed', tone: 'bad', icon: LucideCircleAlert },
  blocked: { label: 'Blocked', tone: 'bad', icon: LucideBan },
  waived: { label: 'Waived', tone: 'bad', icon: LucideShieldOff },
  warned: { label: 'Warned', tone: 'warn', icon: LucideTriangleAlert },
  awaiting_approval: { label: 'Awaiting approval', tone: 'warn', icon: LucideHand },
  waiting: { label: 'Waiting', tone: 'warn', icon: LucideHourglass },
  queued: { label: 'Queued', tone: 'idle', icon: LucideHourglass },
  pending: { label: 'Pending', tone: 'idle', icon: LucideCircleDashed },
  skipped: { label: 'Skipped', tone: 'idle', icon: LucideCircleSlash },
  cancelled: { label: 'Cancelled', tone: 'idle', icon: LucideCircleSlash },
  started: { label: 'Started', tone: 'ok', icon: LucideCircleCheck },
  refused: { label: 'Refused', tone: 'bad', icon: LucideBan },
  working: { label: 'Working', tone: 'run', icon: LucideCirclePlay },
  idle: { label: 'Idle', tone: 'ok', icon: LucideCircleCheck },
  silent: { label: 'Silent', tone: 'bad', icon: LucideCircleAlert },
  stopped: { label: 'Stopped', tone: 'idle', icon: LucideCircleSlash },
  lost: { label: 'Lost', tone: 'bad', icon: LucideCircleAlert },
};

/** How a status is shown; one that this console does not know keeps its own word. */
export function statusLook(status: string): StatusLook {
  return LOOKS[status] ?? { label: sentence(status), tone: 'idle', icon: LucideCircle };
}

/** `in_progress` → `In progress`. */
export function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
