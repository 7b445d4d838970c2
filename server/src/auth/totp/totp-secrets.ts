import { Injectable } from '@nestjs/common';
import type { SealedStore, SealedText } from '../../secrets/sealed-stores.js';
import { TotpFactorsRepository } from './totp-factors.repository.js';
import { contextOf } from './totp.service.js';

/** The sealed secrets of all second factors, for when SECRET_KEY changes. */
@Injectable()
export class TotpSecrets implements SealedStore {
  constructor(private readonly factors: TotpFactorsRepository) {}

  async all(): Promise<readonly SealedText[]> {
    const factors = await this.factors.all();
    return factors.map(({ userId, sealedSecret }) => ({ id: userId, sealed: sealedSecret }));
  }

  contextOf(userId: string): string {
    return contextOf(userId);
  }

  reseal({ id, sealed }: SealedText, anew: string): Promise<void> {
    return this.factors.reseal({ userId: id, sealedSecret: sealed }, anew);
  }
}
