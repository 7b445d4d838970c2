import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { DomainError } from '../problems/domain-error.js';

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
  /** First 8 hex digits of the SHA-256 of the key: which one sealed a text. */
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Encrypts what must be read again, with AES-256-GCM under a key derived from SECRET_KEY. PREVIOUS_SECRET_KEY opens
 * what was sealed before the key was changed.
 */
@Injectable()
export class SecretCipher {
  private readonly current: Key;
  private readonly known: readonly Key[];

  constructor(config: AppConfig) {
    this.current = derive(config.secretKey);
    this.known = [this.current, ...(config.previousSecretKey ? [derive(config.previousSecretKey)] : [])];
  }

  /** @param context what the text belongs to, such as `secret:<id>`; it opens for nothing else */
  seal(plain: string, context: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.bytes, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const packed = Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    return [FORMAT, this.current.id, packed].join('.');
  }

  /** @throws DomainError 409 `secret_unreadable` where the key is another one, or the text was tampered with */
  open(sealed: string, context: string): string {
    const [format, id, packed = ''] = sealed.split('.');
    const key = this.known.find((candidate) => candidate.id === id);
    if (format !== FORMAT || key === undefined) throw unreadable();
    const bytes = Buffer.from(packed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return (
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      throw unreadable();
    }
  }

  /** Whether the text is sealed under the present key. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${FORMAT}.${this.current.id}.`);
  }
}

function derive(secretKey: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secretKey, '', 'orchestrator/secrets', 32));
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 8) };
}

const unreadable = (): DomainError =>
  new DomainError(
    409,
    'secret_unreadable',
    'A stored secret cannot be read with this SECRET_KEY. Set PREVIOUS_SECRET_KEY to the key before, or store the secret anew.',
  );
