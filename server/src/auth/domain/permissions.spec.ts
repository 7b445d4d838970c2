import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, permissionsOf, roleAllows, ROLES } from './permissions.js';
import { effectivePermissions, principalAllows, type Principal } from './principal.js';
import { meets } from './requirement.js';

const principal = (changes: Partial<Principal>): Principal => ({
  userId: 'u',
  email: 'a@example.org',
  name: 'A',
  role: 'member',
  via: 'token',
  scopes: null,
  owesSecondFactor: false,
  sessionId: null,
  ...changes,
});

describe('roles', () => {
  it('hold exactly these permissions', () => {
    expect(Object.fromEntries(ROLES.map((role) => [role, permissionsOf(role)]))).toEqual({
      admin: [...PERMISSIONS],
      member: [
        ...['runs:read', 'runs:create', 'runs:operate', 'artifacts:write', 'profiles:read'],
        ...['api_keys:own', 'workers:claim', 'templates:manage', 'schedules:manage'],
        ...['runs:share', 'comments:write', 'costs:read', 'providers:own', 'webhooks:manage'],
      ],
      viewer: ['runs:read', 'profiles:read', 'api_keys:own', 'comments:write', 'costs:read'],
    });
  });

  it('grow from viewer over member to administrator', () => {
    for (const permission of PERMISSIONS) {
      if (roleAllows('viewer', permission)) expect(roleAllows('member', permission)).toBe(true);
      if (roleAllows('member', permission)) expect(roleAllows('admin', permission)).toBe(true);
    }
  });
});

describe('scopes', () => {
  it('narrow the role and never widen it', () => {
    const scoped = principal({ scopes: ['runs:read', 'users:manage'] });
    expect(effectivePermissions(scoped)).toEqual(['runs:read']);
    expect(principalAllows(scoped, 'runs:create')).toBe(false);
  });

  it('leave nothing where they are empty', () => {
    expect(effectivePermissions(principal({ role: 'admin', scopes: [] }))).toEqual([]);
  });
});

describe('requirements', () => {
  it('of a known caller are met by everyone, of the own account by whole credentials only', () => {
    const narrowed = principal({ scopes: ['runs:read'] });
    expect([meets(narrowed, 'signed_in'), meets(narrowed, 'own_account')]).toEqual([true, false]);
    expect([meets(principal({}), 'own_account'), meets(principal({}), 'runs:waive')]).toEqual([true, false]);
  });
});
