import type { Principal } from '../auth/domain/principal.js';
import type { Actor } from './domain/change.js';

/** Whose run it becomes. */
export type RunMaker = Pick<Principal, 'userId' | 'name'>;

/** A caller as the history names them. */
export const userActor = (principal: RunMaker): Actor => ({
  kind: 'user',
  id: principal.userId,
  name: principal.name,
});
