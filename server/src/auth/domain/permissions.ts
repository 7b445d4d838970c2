export const ROLES = ['admin', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'runs:read',
  'runs:create',
  'runs:operate',
  'runs:waive',
  'runs:read_all',
  'artifacts:write',
  'profiles:read',
  'profiles:publish',
  'users:manage',
  'api_keys:own',
  'settings:manage',
  'workers:claim',
  'templates:manage',
  'schedules:manage',
  'secrets:manage',
  'runs:share',
  'comments:write',
  'audit:read',
  'metrics:read',
  'costs:read',
  'budgets:manage',
  'providers:own',
  'providers:manage',
  'webhooks:manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER = ['runs:read', 'profiles:read', 'api_keys:own', 'comments:write', 'costs:read'] as const;
const MEMBER = [
  ...VIEWER,
  'runs:create',
  'runs:operate',
  'artifacts:write',
  'workers:claim',
  'templates:manage',
  'schedules:manage',
  'runs:share',
  'providers:own',
  'webhooks:manage',
] as const;

/**
 * What each role may do. Publishing a profile is an administrator's: its commands are run on the server,
 * also in the runs of other people.
 */
const ROLE_PERMISSIONS = { viewer: VIEWER, member: MEMBER, admin: PERMISSIONS } as const satisfies Record<
  Role,
  readonly Permission[]
>;

/** Whether the role holds the permission. */
export const roleAllows = (role: Role, permission: Permission): boolean =>
  (ROLE_PERMISSIONS[role] as readonly Permission[]).includes(permission);

/** Every permission of the role, in the order of `PERMISSIONS`. */
export const permissionsOf = (role: Role): Permission[] =>
  PERMISSIONS.filter((permission) => roleAllows(role, permission));
