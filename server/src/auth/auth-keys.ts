import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';

type Purpose =
  'access-token' | 'refresh-token' | 'api-key' | 'idempotency' | 'callback' | 'totp-ticket' | 'recovery-code';

/** Keys for single purposes, derived from SECRET_KEY, so that what one of them signs no other accepts. */
@Injectable()
export class AuthKeys {
  private readonly derived = new Map<Purpose, Buffer>();

  constructor(private readonly config: AppConfig) {}

  /** 32 bytes, the same for the same SECRET_KEY. */
  keyFor(purpose: Purpose): Buffer {
    const known = this.derived.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.config.secretKey, '', `orchestrator/${purpose}`, 32));
    this.derived.set(purpose, key);
    return key;
  }

  /** HMAC-SHA-256 of the text. */
  mac(purpose: Purpose, text: string): Buffer {
    return createHmac('sha256', this.keyFor(purpose)).update(text).digest();
  }

  /** Compares in constant time. */
  macMatches(purpose: Purpose, text: string, mac: Buffer): boolean {
    const expected = this.mac(purpose, text);
    return expected.length === mac.length && timingSafeEqual(expected, mac);
  }
}
