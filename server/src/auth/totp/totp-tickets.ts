import { Injectable } from '@nestjs/common';
import { AuthKeys } from '../auth-keys.js';
import type { UserEntity } from '../user.entity.js';

const VALID_MS = 5 * 60_000;
const FORM = /^([0-9a-f-]{36})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/**
 * Say that somebody has entered the right password a moment ago. Bound to that password: another one ends them.
 * None is stored.
 */
@Injectable()
export class TotpTickets {
  constructor(private readonly keys: AuthKeys) {}

  issue(user: UserEntity, now: Date): string {
    const text = `${user.id}.${String(now.getTime() + VALID_MS)}`;
    return `${text}.${this.keys.mac('totp-ticket', signed(text, user)).toString('base64url')}`;
  }

  /** Whose ticket it says it is; null where it is none. */
  subject(ticket: string): string | null {
    return FORM.exec(ticket)?.[1] ?? null;
  }

  isGood(ticket: string, user: UserEntity, now: Date): boolean {
    const [, id, until, mac] = FORM.exec(ticket) ?? [];
    if (id !== user.id || until === undefined || mac === undefined || Number(until) <= now.getTime())
      return false;
    return this.keys.macMatches('totp-ticket', signed(`${id}.${until}`, user), Buffer.from(mac, 'base64url'));
  }
}

const signed = (text: string, user: UserEntity): string => `${text}.${user.passwordHash ?? ''}`;
