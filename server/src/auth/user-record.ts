import { v7 as uuid } from 'uuid';
import { normalizeEmail } from './domain/email.js';
import type { Role } from './domain/permissions.js';
import type { UserEntity } from './user.entity.js';

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  readonly externalId: string | null;
}

/** The row of a person who is new. */
export const userRecord = (user: NewUser): UserEntity => ({
  ...user,
  id: uuid(),
  email: normalizeEmail(user.email),
  disabledAt: null,
  createdAt: new Date(),
});
