import { ROLES, type Role } from '../../domain/permissions.js';

/** The entry for everyone whom no group of theirs admits. */
const EVERYONE = '*';

/** What groups give: a role; nobody's choice but ours (`unmapped`); or no way in. */
export type MappedRole =
  { readonly kind: 'role'; readonly role: Role } | { readonly kind: 'unmapped' | 'none' };

/**
 * The highest role of the groups.
 * @param groups null: the provider does not say
 * @param mapping null: roles are given here alone
 */
export function mappedRole(
  groups: readonly string[] | null,
  mapping: ReadonlyMap<string, Role> | null,
): MappedRole {
  if (mapping === null) return { kind: 'unmapped' };
  const given = new Set(
    (groups ?? []).flatMap((group) => (group === EVERYONE ? [] : (mapping.get(group) ?? []))),
  );
  const role = ROLES.find((candidate) => given.has(candidate)) ?? mapping.get(EVERYONE);
  return role === undefined ? { kind: 'none' } : { kind: 'role', role };
}
