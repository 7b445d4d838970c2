import { Injectable } from '@nestjs/common';
import { DomainError } from '../../problems/domain-error.js';
import { SecretCipher } from '../../secrets/secret-cipher.js';
import { TotpFactorsRepository } from './totp-factors.repository.js';
import { contextOf } from './totp.service.js';

/** The sealed secrets of all second factors, when SECRET_KEY changes. */
@Injectable()
export class TotpSecrets {
  constructor(
    private readonly factors: TotpFactorsRepository,
    private readonly cipher: SecretCipher,
  ) {}

  /** Seals everything under the present key that the key before it has sealed. Done twice it does nothing. */
  async rotate(): Promise<{ readonly resealed: number; readonly unreadable: number }> {
    const old = (await this.factors.all()).filter(({ sealedSecret }) => !this.cipher.isCurrent(sealedSecret));
    let unreadable = 0;
    for (const factor of old) {
      const context = contextOf(factor.userId);
      try {
        await this.factors.reseal(
          factor,
          this.cipher.seal(this.cipher.open(factor.sealedSecret, context), context),
        );
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        unreadable += 1;
      }
    }
    return { resealed: old.length - unreadable, unreadable };
  }
}
