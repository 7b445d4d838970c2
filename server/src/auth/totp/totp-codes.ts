import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_S = 30;
/** Steps before and after the present one whose codes count too: clocks differ. */
const WINDOW = 1;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const RECOVERY_LETTERS = 10;
const RECOVERY_CODES = 10;

export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What an authenticator reads: SHA-1, six digits, 30 seconds, since many know nothing else. */
export const totpUrl = (secret: string, email: string): string => totp(secret, email).toString();

/** The time step whose code it is; null where it is none of the steps around the time. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totp(secret, '').validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : TOTP.counter({ period: PERIOD_S, timestamp }) + delta;
}

/** Ten codes of 49 random bits each, as `k7m2p-x9q4w`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: RECOVERY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]);
    return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
  });

/** A code in one spelling. */
export const normalizeCode = (typed: string): string => typed.toLowerCase().replaceAll(/[\s-]/g, '');

const totp = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: 'Orchestrator', label, secret: Secret.fromBase32(secret), digits: 6, period: PERIOD_S });
