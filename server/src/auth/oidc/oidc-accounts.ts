import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppConfig } from '../../config/app-config.js';
import { DomainError } from '../../problems/domain-error.js';
import { AccountCache } from '../account-cache.js';
import { nameFromEmail, normalizeEmail } from '../domain/email.js';
import type { Role } from '../domain/permissions.js';
import type { UserEntity } from '../user.entity.js';
import { userRecord } from '../user-record.js';
import { UsersRepository } from '../users.repository.js';
import type { ProviderClaims } from './domain/provider-claims.js';
import { mappedRole, type MappedRole } from './domain/role-mapping.js';
import { IdentitiesRepository } from './identities.repository.js';

/** The accounts of people whom the identity provider names. */
@Injectable()
export class OidcAccounts {
  private readonly logger = new Logger(OidcAccounts.name);

  constructor(
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly identities: IdentitiesRepository,
    private readonly cache: AccountCache,
  ) {}

  /**
   * The account of somebody, with the role that their groups give. Somebody met for the first time is given the account
   * of their verified e-mail, or a new one.
   * @throws DomainError 403 `not_admitted`, `identity_unverified`, `account_disabled`, 409 `identity_conflict`
   */
  async admit(claims: ProviderClaims): Promise<UserEntity> {
    const known = await this.identities.userOf(claims.issuer, claims.subject);
    if (known?.disabledAt) throw disabled();
    const mapped = mappedRole(claims.groups, this.config.oidc?.roleMapping ?? null);
    // A token without the claim says nothing against the role that the last sign-in gave.
    if (known !== null && claims.groups === null && mapped.kind !== 'unmapped') return known;
    if (mapped.kind === 'none') throw notAdmitted();
    const user = known ?? (await this.meet(claims, mapped));
    return mapped.kind === 'role' && mapped.role !== user.role ? this.giveRole(user, mapped.role) : user;
  }

  private async meet(claims: ProviderClaims, mapped: MappedRole): Promise<UserEntity> {
    if (claims.verifiedEmail === null) throw unverified();
    const email = normalizeEmail(claims.verifiedEmail);
    const newcomer = userRecord({
      email,
      name: claims.name ?? nameFromEmail(email),
      role: mapped.kind === 'role' ? mapped.role : 'member',
      passwordHash: null,
      externalId: null,
    });
    const { issuer, subject } = claims;
    const user = await this.dataSource.transaction(async (manager) => {
      await this.users.insertNew(manager, newcomer);
      const account = await this.users.byEmail(email, manager);
      // Nobody signs in as a program.
      if (account?.kind !== 'person') return null;
      if (account.disabledAt !== null) throw disabled();
      await this.identities.insertNew(manager, {
        issuer,
        subject,
        userId: account.id,
        createdAt: new Date(),
      });
      return this.identities.userOf(issuer, subject, manager);
    });
    if (user === null) throw conflict(email);
    return user;
  }

  /** The last administrator stays one, since otherwise a wrong mapping would keep everybody out. */
  private async giveRole(user: UserEntity, role: Role): Promise<UserEntity> {
    const given = await this.dataSource.transaction(async (manager: EntityManager) => {
      if (user.role === 'admin') {
        const admins = await this.users.lockAdminIds(manager);
        if (admins.length === 1 && admins[0] === user.id) return false;
      }
      await this.users.update(manager, user.id, { role });
      return true;
    });
    if (!given) {
      this.logger.warn('The groups of the last administrator make them no administrator; they stay one');
      return user;
    }
    this.cache.forget(user.id);
    return { ...user, role };
  }
}

const disabled = (): DomainError =>
  new DomainError(403, 'account_disabled', 'This account is disabled; an administrator can enable it.');

const notAdmitted = (): DomainError =>
  new DomainError(403, 'not_admitted', 'None of your groups at the identity provider may use this server.');

const unverified = (): DomainError =>
  new DomainError(
    403,
    'identity_unverified',
    'The identity provider does not vouch for an e-mail address of yours, so no account can be made or found.',
  );

const conflict = (email: string): DomainError =>
  new DomainError(
    409,
    'identity_conflict',
    `The account of ${email} belongs to somebody else at this identity provider.`,
  );
