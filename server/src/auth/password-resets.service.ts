import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { AccountCache } from './account-cache.js';
import { PasswordResetEntity } from './password-reset.entity.js';
import { Passwords } from './passwords.js';
import { SessionsRepository } from './sessions.repository.js';
import { UsersRepository } from './users.repository.js';
import { noSignIn, UsersService } from './users.service.js';
import { DomainError } from '../problems/domain-error.js';

const VALID_MS = 24 * 3_600_000;

/** Links that an administrator makes for somebody who cannot sign in: good once, for a day. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: UsersService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly cache: AccountCache,
  ) {}

  /** The token of a new link; the one before it is good no more. @throws DomainError 404, 409 `service_account` */
  async make(userId: string): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const { id, kind } = await this.accounts.get(userId);
    if (kind === 'service') throw noSignIn();
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + VALID_MS);
    await this.dataSource
      .getRepository(PasswordResetEntity)
      .upsert({ userId: id, tokenHash: digest(token), expiresAt }, ['userId']);
    return { token, expiresAt };
  }

  /**
   * Sets the password and ends every sign-in of the account. A password that is refused leaves the link good.
   * @returns the account's id
   * @throws DomainError 403 `reset_link_invalid`, 400 for a weak password
   */
  async use(token: string, password: string): Promise<string> {
    const good = { tokenHash: digest(token), expiresAt: MoreThan(new Date()) };
    const found = await this.dataSource.getRepository(PasswordResetEntity).findOneBy(good);
    const user = found === null ? null : await this.users.byId(found.userId);
    if (user === null || user.disabledAt !== null) throw invalidLink();
    const passwordHash = await this.passwords.hashNew(password, user.email, '/new_password');
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.delete(PasswordResetEntity, good);
      if (affected !== 1) throw invalidLink();
      await this.users.update(manager, user.id, { passwordHash });
      await this.sessions.revokeAll(manager, user.id, null, new Date());
    });
    this.cache.forget(user.id);
    return user.id;
  }
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

const invalidLink = (): DomainError =>
  new DomainError(
    403,
    'reset_link_invalid',
    'This link was used already, has expired, or a newer one was made: ask an administrator for another.',
  );
