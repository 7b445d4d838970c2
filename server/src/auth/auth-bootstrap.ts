import { createHash, randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { nameFromEmail, normalizeEmail } from './domain/email.js';
import { Passwords } from './passwords.js';
import { SetupTokensRepository } from './setup-tokens.repository.js';
import { userRecord } from './user-record.js';
import { UsersRepository } from './users.repository.js';

/** Sees to it that somebody can sign in after the first start. */
@Injectable()
export class AuthBootstrap implements OnApplicationBootstrap {
  private readonly logger = new Logger(AuthBootstrap.name);

  constructor(
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly setupTokens: SetupTokensRepository,
    private readonly passwords: Passwords,
  ) {}

  /** Makes the administrator that the environment names, unless a user with that e-mail exists. */
  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail, adminPassword } = this.config;
    if (adminEmail === null || adminPassword === null) return;
    const email = normalizeEmail(adminEmail);
    if ((await this.users.byEmail(email)) !== null) return;
    const fault = await this.passwords.faultOf(adminPassword, email);
    if (fault !== null) this.logger.warn(`ADMIN_PASSWORD is weak: ${fault}`);
    const passwordHash = await this.passwords.hashGiven(adminPassword);
    const name = nameFromEmail(email);
    const admin = userRecord({ email, name, role: 'admin', passwordHash, externalId: null });
    await this.users.insertNew(this.dataSource.manager, admin);
  }

  /**
   * How to sign in, for the terminal. While there is no administrator it makes the one-time token for the first-run
   * page; each call replaces the token before.
   */
  async describeSignIn(): Promise<string> {
    if (await this.users.adminExists()) {
      await this.setupTokens.deleteAll();
      const { adminEmail } = this.config;
      return adminEmail === null ? 'Sign in with your account.' : `Sign in as ${normalizeEmail(adminEmail)}.`;
    }
    const token = randomBytes(18).toString('base64url');
    await this.setupTokens.replace(createHash('sha256').update(token).digest(), new Date());
    return `First run: make your account in the console with this one-time token: ${token}`;
  }
}
