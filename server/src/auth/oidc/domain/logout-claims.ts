const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Which sign-ins a provider has ended: those of one of its sessions, or all of a subject. */
export interface LogoutClaims {
  readonly subject: string | null;
  readonly sessionId: string | null;
  readonly issuedAt: Date;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * What a verified logout token says (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6); null where it is none. One
 * with a `nonce` could be an ID token that somebody passes on.
 */
export function readLogoutClaims(payload: Readonly<Record<string, unknown>>): LogoutClaims | null {
  const { events, iat } = payload;
  const event: unknown =
    typeof events === 'object' && events !== null ? (events as Record<string, unknown>)[EVENT] : undefined;
  if (typeof event !== 'object' || event === null) return null;
  if ('nonce' in payload || textOf(payload['jti']) === null || typeof iat !== 'number') return null;
  const [subject, sessionId] = [textOf(payload['sub']), textOf(payload['sid'])];
  if (subject === null && sessionId === null) return null;
  return { subject, sessionId, issuedAt: new Date(iat * 1000) };
}
