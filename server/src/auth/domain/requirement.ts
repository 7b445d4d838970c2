import type { Permission } from './permissions.js';
import { principalAllows, type Principal } from './principal.js';

/**
 * What a route asks of its caller: a permission; `signed_in`, any known caller; or `own_account`, a caller
 * whose credential is not narrowed to some scopes, since it may change how the account is entered.
 */
export type Requirement = Permission | 'signed_in' | 'own_account';

export function meets(principal: Principal, requirement: Requirement): boolean {
  switch (requirement) {
    case 'signed_in':
      return true;
    case 'own_account':
      return principal.scopes === null;
    default:
      return principalAllows(principal, requirement);
  }
}
