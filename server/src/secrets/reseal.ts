import { DomainError } from '../problems/domain-error.js';
import type { SealedStore } from './sealed-stores.js';
import type { SecretCipher } from './secret-cipher.js';

export interface Resealed {
  readonly resealed: number;
  /** Sealed by a key that is known no more. */
  readonly unreadable: number;
}

/** Seals everything under the present key that the key before it has sealed. Done twice it does nothing. */
export async function resealAll(cipher: SecretCipher, stores: readonly SealedStore[]): Promise<Resealed> {
  let resealed = 0;
  let unreadable = 0;
  for (const store of stores) {
    for (const text of (await store.all()).filter(({ sealed }) => !cipher.isCurrent(sealed))) {
      const context = store.contextOf(text.id);
      try {
        await store.reseal(text, cipher.seal(cipher.open(text.sealed, context), context));
        resealed += 1;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        unreadable += 1;
      }
    }
  }
  return { resealed, unreadable };
}
