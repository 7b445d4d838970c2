import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccountCache } from './account-cache.js';
import { normalizeEmail } from './domain/email.js';
import type { Principal } from './domain/principal.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordCheck } from './password-check.js';
import { Passwords } from './passwords.js';
import { type ClientInfo, SessionsService, type Tokens } from './sessions.service.js';
import { SessionsRepository } from './sessions.repository.js';
import { SetupTokensRepository } from './setup-tokens.repository.js';
import { SecondStep } from './totp/second-step.js';
import { userRecord } from './user-record.js';
import { UsersRepository } from './users.repository.js';
import { DomainError } from '../problems/domain-error.js';

export interface SetupRequest {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Signing in with a password, and the first administrator. */
@Injectable()
export class AuthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly setupTokens: SetupTokensRepository,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly secondStep: SecondStep,
    private readonly passwordCheck: PasswordCheck,
    private readonly sessions: SessionsService,
    private readonly sessionRows: SessionsRepository,
    private readonly cache: AccountCache,
  ) {}

  /**
   * The answer and the work are the same for an unknown e-mail, a wrong password and a disabled account.
   * @throws DomainError 401 `invalid_credentials`, `totp_required`, 429 `too_many_attempts`
   */
  async login(email: string, password: string, client: ClientInfo): Promise<Tokens> {
    const address = normalizeEmail(email);
    await this.throttle.admit(address, client.address, new Date());
    const user = await this.users.byEmail(address);
    const matched = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (user === null || !matched || user.disabledAt !== null) throw invalidCredentials();
    await this.throttle.succeeded(address, client.address);
    await this.secondStep.require(user);
    return this.sessions.open(user.id, client);
  }

  /** Whether the first administrator is still to be made. */
  async setupRequired(): Promise<boolean> {
    return !(await this.users.adminExists());
  }

  /**
   * Makes the first administrator and signs them in. Of simultaneous calls one succeeds.
   * @throws DomainError 403 `setup_token_invalid`, 409 `already_set_up`, 400 for a weak password
   */
  async setUp(request: SetupRequest, client: ClientInfo): Promise<Tokens> {
    if (await this.users.adminExists()) throw alreadySetUp();
    const passwordHash = await this.passwords.hashNew(request.password, normalizeEmail(request.email));
    const admin = userRecord({
      email: request.email,
      name: request.name,
      role: 'admin',
      passwordHash,
      externalId: null,
    });
    await this.dataSource.transaction(async (manager) => {
      const tokenHash = createHash('sha256').update(request.token.trim()).digest();
      if (!(await this.setupTokens.consume(manager, tokenHash))) throw setupTokenInvalid();
      if (await this.users.adminExists(manager)) throw alreadySetUp();
      if (!(await this.users.insertNew(manager, admin))) throw emailTaken(admin.email);
    });
    return this.sessions.open(admin.id, client);
  }

  /**
   * Changes the caller's password and ends their other sign-ins.
   * @throws DomainError 403 `wrong_password`, 400 for a weak new one, 429 `too_many_attempts`
   */
  async changePassword(
    principal: Principal,
    current: string,
    next: string,
    address: string | null,
  ): Promise<void> {
    await this.passwordCheck.check(principal, current, address);
    const passwordHash = await this.passwords.hashNew(next, principal.email, '/new_password');
    await this.dataSource.transaction(async (manager) => {
      await this.users.update(manager, principal.userId, { passwordHash });
      await this.sessionRows.revokeAll(manager, principal.userId, principal.sessionId, new Date());
    });
    this.cache.forget(principal.userId);
  }
}

const invalidCredentials = (): DomainError =>
  new DomainError(
    401,
    'invalid_credentials',
    'Authentication failed: the e-mail or the password is not right.',
  );

/** The rollback gives the set-up token back. */
const emailTaken = (email: string): DomainError =>
  new DomainError(409, 'email_taken', `There is a user with the e-mail ${email} already; choose another.`);

const alreadySetUp = (): DomainError =>
  new DomainError(409, 'already_set_up', 'The first administrator exists already; sign in instead.');

const setupTokenInvalid = (): DomainError =>
  new DomainError(
    403,
    'setup_token_invalid',
    'The set-up token is not right; the newest one is in the terminal.',
  );
