import { permissionsOf, roleAllows, type Permission, type Role } from './permissions.js';

/**
 * By which proof the caller is known. `session` is the console's cookie, `token` the same token as a Bearer,
 * `provider_token` a token of the identity provider.
 */
export const VIAS = ['session', 'token', 'api_key', 'trusted_header', 'provider_token'] as const;
export type Via = (typeof VIAS)[number];

/** The caller of a request. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly via: Via;
  /** The only permissions this credential may use, within the role's; null: all of the role's. */
  readonly scopes: Permission[] | null;
  /** A second factor is demanded of the account and not set up: until then it may do nothing else. */
  readonly owesSecondFactor: boolean;
  /** The sign-in the credential belongs to; null for every other. */
  readonly sessionId: string | null;
}

/** Whether the caller may do it: the role must hold the permission and the credential must not exclude it. */
export const principalAllows = (principal: Principal, permission: Permission): boolean =>
  !principal.owesSecondFactor &&
  roleAllows(principal.role, permission) &&
  (principal.scopes === null || principal.scopes.includes(permission));

/** Whose objects a list shows the caller: null, everybody's, where they may read all runs. */
export const listedOwner = (principal: Principal): string | null =>
  principalAllows(principal, 'runs:read_all') ? null : principal.userId;

/** Everything that the caller may do with this credential. */
export const effectivePermissions = (principal: Principal): Permission[] =>
  permissionsOf(principal.role).filter((permission) => principalAllows(principal, permission));
