import { roleAllows, type Permission, type Role } from '../../src/auth/domain/permissions.js';
import { RUN_USES, type RunRelation } from '../../src/runs/domain/run-uses.js';
import type { Route } from './routes.js';

/** What a caller is answered: that the route may be used, or how it is refused. */
export type Access = 'yes' | '401' | '403' | '404';

export type KindName =
  | 'anonymous'
  | 'revoked key'
  | 'expired key'
  | 'wrong scope'
  | 'viewer'
  | 'other member'
  | 'shared viewer'
  | 'shared editor'
  | 'owner'
  | 'admin';

/** Somebody who calls a route about a run of the owner's. */
export interface Kind {
  readonly name: KindName;
  /** null: no valid credential. */
  readonly role: Role | null;
  readonly relation: RunRelation;
  /** Permissions that the credential is narrowed to; null: not narrowed. */
  readonly scopes: readonly Permission[] | null;
}

const full = (name: KindName, role: Role | null, relation: RunRelation): Kind => ({
  name,
  role,
  relation,
  scopes: null,
});

export const KINDS: readonly Kind[] = [
  full('anonymous', null, 'none'),
  full('revoked key', null, 'none'),
  full('expired key', null, 'none'),
  { name: 'wrong scope', role: 'member', relation: 'owner', scopes: ['api_keys:own'] },
  full('viewer', 'viewer', 'none'),
  full('other member', 'member', 'none'),
  full('shared viewer', 'member', 'viewer'),
  full('shared editor', 'member', 'editor'),
  full('owner', 'member', 'owner'),
  full('admin', 'admin', 'all'),
];

/** What the tables of permissions and of uses say. */
export function expected({ requirement, use }: Route, { role, relation, scopes }: Kind): Access {
  if (requirement === null) return 'yes';
  if (role === null) return '401';
  if (!permitted(requirement, role, scopes)) return '403';
  if (use === null) return 'yes';
  if (relation === 'none') return '404';
  const operates = use !== 'operate' || (roleAllows(role, 'runs:operate') && scopes === null);
  return operates && RUN_USES[relation].includes(use) ? 'yes' : '403';
}

function permitted(
  requirement: NonNullable<Route['requirement']>,
  role: Role,
  scopes: Kind['scopes'],
): boolean {
  if (requirement === 'signed_in') return true;
  if (requirement === 'own_account') return scopes === null;
  return roleAllows(role, requirement) && (scopes === null || scopes.includes(requirement));
}

/** The table that is kept in docs/permissions.md. */
export function permissionsDocument(routes: readonly Route[]): string {
  const head = ['operation', 'permission', 'of the run', ...KINDS.map(({ name }) => name)];
  const rows = routes.map((route) => [
    `${route.method} \`${route.path}\``,
    route.requirement ?? 'open',
    route.use ?? '',
    ...KINDS.map((kind) => expected(route, kind)),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  return `${INTRODUCTION}\n${table}\n`;
}

const INTRODUCTION = `# Permissions

Who may call which route, as \`npm run permissions\` writes it from the tables of roles (\`server/src/auth/domain/permissions.ts\`) and of uses of a
run (\`server/src/runs/domain/run-uses.ts\`). A test calls every route as each of these callers and compares.

The callers: nobody; an API key that was revoked, or has expired; an API key of the owner's that is narrowed to \`api_keys:own\`; somebody with the
role viewer; a member with whom the run is not shared, is shared to look at, is shared for editing; the owner of the run, a member; an
administrator. \`404\` is the answer for a run that the caller does not see, as for one that does not exist. "of the run" names what the route
wants of the run: to read, comment, decide on, operate it, or what only its owner may.
`;
