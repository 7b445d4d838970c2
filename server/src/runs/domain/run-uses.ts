/** What somebody wants of a run. `own`: share, archive and erase it. */
export type RunUse = 'read' | 'comment' | 'decide' | 'operate' | 'own';

export const SHARE_ROLES = ['viewer', 'editor'] as const;
export type ShareRole = (typeof SHARE_ROLES)[number];

/** What somebody is to a run; `all`: whoever may read all runs. */
export type RunRelation = 'owner' | 'all' | ShareRole | 'none';

/** What each may do with the run, within the permissions of their role. Whoever may not read it does not find it. */
export const RUN_USES: Readonly<Record<RunRelation, readonly RunUse[]>> = {
  owner: ['read', 'comment', 'decide', 'operate', 'own'],
  all: ['read', 'comment', 'decide', 'operate', 'own'],
  editor: ['read', 'comment', 'decide', 'operate'],
  viewer: ['read', 'comment', 'decide'],
  none: [],
};

/** The same in one word, for those who see the run. */
export const ACCESS_LEVELS = ['own', 'edit', 'view'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

export function accessLevel(relation: RunRelation): AccessLevel {
  if (RUN_USES[relation].includes('own')) return 'own';
  return RUN_USES[relation].includes('operate') ? 'edit' : 'view';
}
