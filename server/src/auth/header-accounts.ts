import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { nameFromEmail, normalizeEmail } from './domain/email.js';
import type { UserEntity } from './user.entity.js';
import { userRecord } from './user-record.js';
import { UsersRepository } from './users.repository.js';
import { DomainError } from '../problems/domain-error.js';

/** The accounts of people whom a trusted proxy names by `X-User-Id` and `X-User-Email`. */
@Injectable()
export class HeaderAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
  ) {}

  /**
   * The account that both name. Somebody met for the first time becomes a member; an account that so far had
   * the e-mail alone takes the id. null where the account is disabled.
   * @throws DomainError 409 `identity_conflict` where id and e-mail name two accounts
   */
  async resolve(externalId: string, givenEmail: string): Promise<UserEntity | null> {
    const email = normalizeEmail(givenEmail);
    const user = (await this.users.byExternalId(externalId)) ?? (await this.meet(externalId, email));
    if (user.email !== email) throw conflict(externalId);
    return user.disabledAt === null ? user : null;
  }

  private async meet(externalId: string, email: string): Promise<UserEntity> {
    const name = nameFromEmail(email);
    const newcomer = userRecord({ email, name, role: 'member', passwordHash: null, externalId });
    if (await this.users.insertNew(this.dataSource.manager, newcomer)) return newcomer;
    const known = await this.users.byEmail(email);
    if (known?.kind === 'person') await this.users.linkExternalId(known.id, externalId);
    // Read again: another request may have linked one or the other meanwhile.
    const linked = await this.users.byExternalId(externalId);
    if (linked === null) throw conflict(externalId);
    return linked;
  }
}

const conflict = (externalId: string): DomainError =>
  new DomainError(
    409,
    'identity_conflict',
    `X-User-Id ${externalId} and X-User-Email belong to two different accounts.`,
  );
