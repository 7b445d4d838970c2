import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AccountCache } from './account-cache.js';
import { normalizeEmail } from './domain/email.js';
import type { Role } from './domain/permissions.js';
import { Passwords } from './passwords.js';
import { SessionsRepository } from './sessions.repository.js';
import { TotpFactorsRepository } from './totp/totp-factors.repository.js';
import type { UserEntity } from './user.entity.js';
import { userRecord } from './user-record.js';
import { UsersRepository } from './users.repository.js';
import { validate as isUuid } from 'uuid';
import { DomainError, notFound } from '../problems/domain-error.js';

export interface UserRequest {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** null: somebody who comes through trusted headers only. */
  readonly password: string | null;
}

export interface UserChanges {
  readonly name?: string;
  readonly role?: Role;
  readonly disabled?: boolean;
  readonly password?: string;
}

/** What administrators do with accounts. */
@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly cache: AccountCache,
    private readonly factors: TotpFactorsRepository,
  ) {}

  list(limit: number, offset: number): Promise<[UserEntity[], number]> {
    return this.users.page(limit, offset);
  }

  /** Which of them have a second factor. */
  withTotp(users: readonly UserEntity[]): Promise<ReadonlySet<string>> {
    return this.factors.confirmedAmong(users.map(({ id }) => id));
  }

  /** @throws DomainError 404 */
  async get(id: string): Promise<UserEntity> {
    const user = isUuid(id) ? await this.users.byId(id) : null;
    if (user === null) throw notFound('User', id);
    return user;
  }

  /** @throws DomainError 409 `email_taken`, 400 for a weak password */
  async create(request: UserRequest): Promise<UserEntity> {
    const email = normalizeEmail(request.email);
    const passwordHash =
      request.password === null ? null : await this.passwords.hashNew(request.password, email);
    const user = userRecord({
      email,
      name: request.name,
      role: request.role,
      passwordHash,
      externalId: null,
    });
    if (await this.users.insertNew(this.dataSource.manager, user)) return user;
    throw new DomainError(409, 'email_taken', `There is a user with the e-mail ${email} already.`);
  }

  /**
   * A new password and disabling end all sign-ins of the user.
   * @throws DomainError 404, 409 `last_admin`, `service_account`, 400 for a weak password
   */
  async update(id: string, changes: UserChanges): Promise<UserEntity> {
    const user = await this.get(id);
    const row = await this.rowChanges(user, changes);
    await this.dataSource.transaction(async (manager) => {
      if (changes.disabled === true || (changes.role ?? 'admin') !== 'admin')
        await this.keepAnAdmin(manager, id);
      if (Object.keys(row).length > 0) await this.users.update(manager, id, row);
      if (changes.disabled === true || changes.password !== undefined) {
        await this.sessions.revokeAll(manager, id, null, new Date());
      }
    });
    this.cache.forget(id);
    return this.get(id);
  }

  private async rowChanges(user: UserEntity, changes: UserChanges): Promise<Partial<UserEntity>> {
    const { name, role, disabled, password } = changes;
    if (password !== undefined && user.kind === 'service') throw noSignIn();
    return {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(disabled === undefined ? {} : { disabledAt: disabled ? (user.disabledAt ?? new Date()) : null }),
      ...(password === undefined ? {} : { passwordHash: await this.passwords.hashNew(password, user.email) }),
    };
  }

  /** Locks the administrators first, so that two of them cannot remove each other at the same time. */
  private async keepAnAdmin(manager: EntityManager, leavingId: string): Promise<void> {
    const admins = await this.users.lockAdminIds(manager);
    if (admins.length === 1 && admins[0] === leavingId) {
      throw new DomainError(409, 'last_admin', 'This is the last administrator; make another one first.');
    }
  }
}

/** Of a service account, which acts with API keys alone. */
export const noSignIn = (): DomainError =>
  new DomainError(409, 'service_account', 'This is a service account: it has API keys and cannot sign in.');
