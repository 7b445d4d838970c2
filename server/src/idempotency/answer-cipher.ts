import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthKeys } from '../auth/auth-keys.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a key derived from SECRET_KEY: an answer may hold a secret that is shown once. */
@Injectable()
export class AnswerCipher {
  constructor(private readonly keys: AuthKeys) {}

  encrypt(plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keys.keyFor('idempotency'), iv);
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]);
  }

  /** null where it was encrypted under another SECRET_KEY. */
  decrypt(sealed: Buffer): Buffer | null {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.keys.keyFor('idempotency'),
      sealed.subarray(0, IV_BYTES),
    );
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const plain = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      // The tag does not fit this key.
      return null;
    }
  }
}
