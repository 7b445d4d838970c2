import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '../../config/app-config.js';
import { DomainError, notFound } from '../../problems/domain-error.js';
import { SecretCipher } from '../../secrets/secret-cipher.js';
import { AccountCache } from '../account-cache.js';
import { AuthKeys } from '../auth-keys.js';
import type { Principal } from '../domain/principal.js';
import { PasswordCheck } from '../password-check.js';
import { isDemanded } from '../domain/second-factor-demand.js';
import { SessionsRepository } from '../sessions.repository.js';
import { newRecoveryCodes, newTotpSecret, normalizeCode, stepOf, totpUrl } from './totp-codes.js';
import type { TotpFactorEntity } from './totp-factor.entity.js';
import { TotpFactorsRepository } from './totp-factors.repository.js';

/** Second factors: codes of an authenticator, and recovery codes for when it is lost. */
@Injectable()
export class Totp {
  constructor(
    private readonly dataSource: DataSource,
    private readonly factors: TotpFactorsRepository,
    private readonly passwords: PasswordCheck,
    private readonly sessions: SessionsRepository,
    private readonly keys: AuthKeys,
    private readonly cipher: SecretCipher,
    private readonly cache: AccountCache,
    private readonly config: AppConfig,
  ) {}

  /** The confirmed factor of somebody; null where a password is enough. */
  async confirmed(userId: string): Promise<TotpFactorEntity | null> {
    const factor = await this.factors.of(userId);
    return factor?.confirmedAt ? factor : null;
  }

  /**
   * A new secret, which counts once `confirm` was given a code of it.
   * @throws DomainError 403 `wrong_password`, 409 `totp_enabled`, 429
   */
  async begin(
    who: Principal,
    password: string,
    address: string | null,
  ): Promise<{ readonly secret: string; readonly url: string }> {
    await this.passwords.check(who, password, address);
    const secret = newTotpSecret();
    const begun = await this.factors.begin({
      ...{ userId: who.userId, sealedSecret: this.cipher.seal(secret, contextOf(who.userId)) },
      ...{ createdAt: new Date(), confirmedAt: null, lastStep: 0, recoveryHashes: [] },
    });
    if (!begun) throw new DomainError(409, 'totp_enabled', 'There is a second factor; remove it first.');
    return { secret, url: totpUrl(secret, who.email) };
  }

  /**
   * Makes the new secret count and ends the other sign-ins. The recovery codes are in this answer and nowhere else.
   * @throws DomainError 400 `totp_invalid`, 409 `totp_not_begun`
   */
  async confirm(who: Principal, code: string): Promise<string[]> {
    const factor = await this.factors.of(who.userId);
    if (factor === null || factor.confirmedAt !== null) throw notBegun();
    const now = new Date();
    const lastStep = stepOf(this.secretOf(factor), normalizeCode(code), now);
    if (lastStep === null) {
      throw new DomainError(400, 'totp_invalid', 'This is not the code of the present half minute.');
    }
    const codes = newRecoveryCodes();
    const confirmed = {
      ...factor,
      confirmedAt: now,
      lastStep,
      recoveryHashes: this.hashes(who.userId, codes),
    };
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.factors.confirm(manager, confirmed))) throw notBegun();
      await this.sessions.revokeAll(manager, who.userId, who.sessionId, now);
    });
    this.cache.forget(who.userId);
    return codes;
  }

  /** Whether the code is good; it is used up then. */
  async accept(factor: TotpFactorEntity, typed: string, now: Date): Promise<boolean> {
    const code = normalizeCode(typed);
    if (!/^\d{6}$/.test(code)) {
      return this.factors.useRecoveryCode(factor.userId, this.hash(factor.userId, code));
    }
    const step = stepOf(this.secretOf(factor), code, now);
    return step !== null && this.factors.useStep(factor.userId, step);
  }

  /** Ten new recovery codes in place of the old. @throws DomainError 403 `wrong_password`, 404, 429 */
  async renewRecoveryCodes(who: Principal, password: string, address: string | null): Promise<string[]> {
    await this.passwords.check(who, password, address);
    if ((await this.confirmed(who.userId)) === null) throw notFound('Second factor of', who.email);
    const codes = newRecoveryCodes();
    await this.factors.replaceRecoveryCodes(who.userId, this.hashes(who.userId, codes));
    return codes;
  }

  /** Ends the other sign-ins too. @throws DomainError 403 `wrong_password`, 404, 409 `totp_demanded`, 429 */
  async removeOwn(who: Principal, password: string, address: string | null): Promise<void> {
    if (isDemanded(this.config.requireSecondFactor, who.role)) throw demanded();
    await this.passwords.check(who, password, address);
    await this.remove(who.userId, who.sessionId);
  }

  /** @param keepSessionId the sign-in that goes on @throws DomainError 404 where there is none */
  async remove(userId: string, keepSessionId: string | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.factors.remove(manager, userId))) throw notFound('Second factor of', userId);
      await this.sessions.revokeAll(manager, userId, keepSessionId, new Date());
    });
    this.cache.forget(userId);
  }

  private secretOf({ userId, sealedSecret }: TotpFactorEntity): string {
    return this.cipher.open(sealedSecret, contextOf(userId));
  }

  private hashes(userId: string, codes: readonly string[]): Buffer[] {
    return codes.map((code) => this.hash(userId, normalizeCode(code)));
  }

  private hash(userId: string, code: string): Buffer {
    return this.keys.mac('recovery-code', `${userId} ${code}`);
  }
}

/** What a sealed secret belongs to. */
export const contextOf = (userId: string): string => `totp:${userId}`;

const demanded = (): DomainError =>
  new DomainError(
    409,
    'totp_demanded',
    'A second factor is demanded of your account. An administrator can remove it if your authenticator is lost.',
  );

const notBegun = (): DomainError =>
  new DomainError(409, 'totp_not_begun', 'There is no new second factor to confirm; begin again.');
