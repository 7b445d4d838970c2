import { Injectable } from '@nestjs/common';
import { DomainError } from '../problems/domain-error.js';
import type { Principal } from './domain/principal.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { UsersRepository } from './users.repository.js';

/** Asks for the password again before something that decides how the account is entered. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws DomainError 403 `wrong_password`, 429 `too_many_attempts` */
  async check({ userId, email }: Principal, password: string, address: string | null): Promise<void> {
    await this.throttle.admit(email, address, new Date());
    const user = await this.users.byId(userId);
    if (!(await this.passwords.matches(user?.passwordHash ?? null, password))) {
      throw new DomainError(403, 'wrong_password', 'The current password is not right.');
    }
    await this.throttle.succeeded(email, address);
  }
}
