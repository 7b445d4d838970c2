import { validate as isUuid } from 'uuid';
import { DomainError } from '../../problems/domain-error.js';

/** What a callback's address says: which try of a step it is about, under which claim, and until when. */
export interface CallbackClaim {
  readonly stepAttemptId: string;
  readonly epoch: number;
  /** Whole seconds. */
  readonly expiresAt: Date;
}

const TOKEN = /^([0-9a-f-]{36})\.(\d{1,9})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** The part of a token that is signed. */
export const callbackText = ({ stepAttemptId, epoch, expiresAt }: CallbackClaim): string =>
  `${stepAttemptId}.${String(epoch)}.${String(Math.floor(expiresAt.getTime() / 1000))}`;

/** A token in a path: what it says, and its signature. */
export const callbackToken = (claim: CallbackClaim, mac: Buffer): string =>
  `${callbackText(claim)}.${mac.toString('base64url')}`;

/** Takes a token apart; null where it is none. Whether it is genuine, its signature says. */
export function parseCallbackToken(
  token: string,
): { readonly claim: CallbackClaim; readonly mac: Buffer } | null {
  const [, stepAttemptId = '', epoch = '', seconds = '', mac = ''] = TOKEN.exec(token) ?? [];
  if (!isUuid(stepAttemptId)) return null;
  const claim = { stepAttemptId, epoch: Number(epoch), expiresAt: new Date(Number(seconds) * 1000) };
  return { claim, mac: Buffer.from(mac, 'base64url') };
}

export const callbackNotAwaited = (): DomainError =>
  new DomainError(
    409,
    'callback_not_awaited',
    'This callback came already, or nothing awaits it any more; nothing was changed.',
  );
