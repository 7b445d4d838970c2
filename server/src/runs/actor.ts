import type { Principal } from '../auth/domain/principal.js';
import type { Actor } from './domain/change.js';

/** A caller as the history names them. */
export const userActor = (principal: Principal): Actor => ({
  kind: 'user',
  id: principal.userId,
  name: principal.name,
});
