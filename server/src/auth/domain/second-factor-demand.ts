import type { Role } from './permissions.js';

export const SECOND_FACTOR_DEMANDS = ['nobody', 'admins', 'everyone'] as const;
/** Who must have a second factor to sign in with a password. */
export type SecondFactorDemand = (typeof SECOND_FACTOR_DEMANDS)[number];

/** What of an account and of the credential in use decides whether a second factor is owed. */
export interface FactorFacts {
  readonly role: Role;
  /** The credential stands on a password of this account; an identity provider answers for its own sign-ins. */
  readonly byPassword: boolean;
  readonly hasFactor: boolean;
}

/** Whether a second factor must be set up before the credential is good for anything else. */
export const owesSecondFactor = (demand: SecondFactorDemand, facts: FactorFacts): boolean =>
  facts.byPassword && !facts.hasFactor && isDemanded(demand, facts.role);

/** Whether people of this role must have one. */
export function isDemanded(demand: SecondFactorDemand, role: Role): boolean {
  switch (demand) {
    case 'nobody':
      return false;
    case 'admins':
      return role === 'admin';
    case 'everyone':
      return true;
  }
}
