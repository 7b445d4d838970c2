import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ROLES, type Role } from './domain/permissions.js';
import { USER_KINDS, type UserKind } from './domain/user-kind.js';

/** A person or a program. Never deleted, because history names them; `disabledAt` keeps them out. */
@Entity({ name: 'users' })
@Check('users_email_lower', 'email = lower(email)')
@Check('users_service_no_password', `kind = 'person' OR password_hash IS NULL`)
export class UserEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pk' })
  id!: string;

  @Column('enum', { enum: USER_KINDS, enumName: 'user_kind', default: 'person' })
  kind!: UserKind;

  /** Of a service account its handle, in a domain that no mail reaches. */
  @Column('text')
  @Index('users_email', { unique: true })
  email!: string;

  @Column('text')
  name!: string;

  @Column('enum', { enum: ROLES, enumName: 'user_role' })
  role!: Role;

  /** argon2id; null where somebody signs in at an identity provider or through trusted headers only. */
  @Column('text', { nullable: true })
  passwordHash!: string | null;

  /** The id by which a trusted proxy names this person; null until it has. */
  @Column('text', { nullable: true })
  @Index('users_external_id', { unique: true })
  externalId!: string | null;

  @Column('timestamptz', { nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
