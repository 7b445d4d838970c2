import type { Principal, Via } from './domain/principal.js';
import type { UserEntity } from './user.entity.js';

/** The owner of an account as a caller whose credential narrows nothing and belongs to no sign-in. */
export const principalOf = ({ id, email, name, role }: UserEntity, via: Via): Principal => ({
  ...{ userId: id, email, name, role, via },
  ...{ scopes: null, sessionId: null, owesSecondFactor: false },
});
