/** What a provider says of somebody, as far as it counts here. */
export interface ProviderClaims {
  readonly issuer: string;
  readonly subject: string;
  /** null: none, or the provider does not vouch for it. */
  readonly verifiedEmail: string | null;
  readonly name: string | null;
  /** null: the provider does not say. */
  readonly groups: readonly string[] | null;
}

type Payload = Readonly<Record<string, unknown>>;

const MAX_SUBJECT = 255;
const MAX_EMAIL = 254;
const MAX_NAME = 200;
const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+$/;

/**
 * Reads the claims of a token whose signature was checked.
 * @param groupsClaim name of the claim that lists groups; where there is none of that name, dots lead into objects
 * @returns null where the token names nobody
 */
export function readClaims(issuer: string, payload: Payload, groupsClaim: string): ProviderClaims | null {
  const subject = payload['sub'];
  if (typeof subject !== 'string' || subject === '' || subject.length > MAX_SUBJECT) return null;
  return {
    issuer,
    subject,
    verifiedEmail: verifiedEmailOf(payload),
    name: nameOf(payload),
    groups: groupsOf(claimAt(payload, groupsClaim)),
  };
}

/** Only `true` is a voucher: providers let people enter the addresses of others. */
function verifiedEmailOf({ email, email_verified: verified }: Payload): string | null {
  if (typeof email !== 'string' || verified !== true) return null;
  const address = email.trim();
  return address.length <= MAX_EMAIL && EMAIL.test(address) ? address : null;
}

function nameOf({ name, preferred_username: userName }: Payload): string | null {
  const text = [name, userName].find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof text === 'string' ? text.trim().slice(0, MAX_NAME) : null;
}

function claimAt(payload: Payload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Payload)[key]
          : undefined,
      payload,
    );
}

function groupsOf(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null;
}
