import { v7 as uuid } from 'uuid';
import { normalizeEmail } from './domain/email.js';
import type { Role } from './domain/permissions.js';
import type { UserKind } from './domain/user-kind.js';
import type { UserEntity } from './user.entity.js';

export interface NewUser {
  /** A person where absent. */
  readonly kind?: UserKind;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  readonly externalId: string | null;
}

/** The row of an account that is new. */
export const userRecord = (user: NewUser): UserEntity => ({
  kind: 'person',
  ...user,
  id: uuid(),
  email: normalizeEmail(user.email),
  disabledAt: null,
  createdAt: new Date(),
});
