import type { EnvironmentReader } from './environment-reader.js';

const ROLES = ['admin', 'member', 'viewer'] as const;
const SCOPES = 'openid profile email';
/** Of a group of the provider; `*` stands for everyone whom no other entry names. */
const MAPPING = /^(.+)=(admin|member|viewer)$/;

/** The identity provider by which people sign in. */
export interface OidcSettings {
  /** As the provider names itself; its discovery document is below it. */
  readonly issuer: string;
  readonly clientId: string;
  /** `null`: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** `aud` of access tokens that the API accepts; `null`: it accepts none of the provider's. */
  readonly audience: string | null;
  /** Name of the claim that lists groups; dots lead into objects. */
  readonly groupsClaim: string;
  /** Roles by group; `null`: roles are given here alone. */
  readonly roleMapping: ReadonlyMap<string, (typeof ROLES)[number]> | null;
  /** Asked for at the sign-in, separated by spaces. */
  readonly scopes: string;
}

/** Reads the provider; without OIDC_ISSUER there is none, and the rest must not be set. */
export function readOidc(reader: EnvironmentReader): OidcSettings | null {
  const issuer = reader.url('OIDC_ISSUER', ['https:', 'http:']);
  const clientId = reader.text('OIDC_CLIENT_ID');
  const clientSecret = reader.text('OIDC_CLIENT_SECRET');
  const audience = reader.text('OIDC_AUDIENCE');
  const groupsClaim = reader.text('OIDC_GROUPS_CLAIM') ?? 'groups';
  const roleMapping = readRoleMapping(reader);
  const scopes = readScopes(reader);
  if (issuer === null) {
    if (clientId !== null) reader.problem('OIDC_ISSUER', 'must be set where OIDC_CLIENT_ID is', null);
    return null;
  }
  if (!isConfidential(issuer)) {
    return reader.problem('OIDC_ISSUER', 'must start with https://, unless it is on this machine', null);
  }
  if (clientId === null) return reader.problem('OIDC_CLIENT_ID', 'must be set where OIDC_ISSUER is', null);
  if (audience === clientId) {
    // The audience of ID tokens, which are no proof towards an API.
    return reader.problem('OIDC_AUDIENCE', 'must be another name than OIDC_CLIENT_ID', null);
  }
  return { issuer, clientId, clientSecret, audience, groupsClaim, roleMapping, scopes };
}

/** `admins=admin,devs=member,*=viewer` */
function readRoleMapping(reader: EnvironmentReader): OidcSettings['roleMapping'] {
  const entries = reader.list(
    'OIDC_ROLE_MAPPING',
    ',',
    (entry) => MAPPING.test(entry),
    'roles such as admins=admin',
  );
  if (entries === null) return null;
  return new Map(
    entries.flatMap((entry) => {
      const [, group = '', name] = MAPPING.exec(entry) ?? [];
      const role = ROLES.find((candidate) => candidate === name);
      return role === undefined ? [] : [[group.trim(), role]];
    }),
  );
}

function readScopes(reader: EnvironmentReader): string {
  const scopes = reader.text('OIDC_SCOPES') ?? SCOPES;
  if (scopes.split(/\s+/).includes('openid')) return scopes;
  return reader.problem('OIDC_SCOPES', 'must contain openid', SCOPES);
}

/** Whether nobody between here and there can read or change what is said. */
function isConfidential(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
