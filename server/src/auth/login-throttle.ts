import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ACCOUNT_POLICY, ADDRESS_POLICY, delayAfter, PAIR_POLICY } from './domain/login-delay.js';
import { type Attempts, LoginAttemptsRepository } from './login-attempts.repository.js';
import { DomainError } from '../problems/domain-error.js';

const POLICIES = { pair: PAIR_POLICY, account: ACCOUNT_POLICY, address: ADDRESS_POLICY, second: PAIR_POLICY };

type PasswordKey = 'pair' | 'account' | 'address';

/** Makes guessing passwords slow, for all processes together. */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly dataSource: DataSource,
    private readonly attempts: LoginAttemptsRepository,
  ) {}

  /**
   * Counts the attempt as failed before the password is looked at, so that no number of simultaneous attempts
   * goes uncounted; `succeeded` takes it back.
   * @throws DomainError 429 `too_many_attempts` where it comes too early; it is then not counted
   */
  async admit(email: string, address: string | null, now: Date): Promise<void> {
    await this.admitKeys(Object.values(keysOf(email, address)), now);
  }

  /** The same for codes of a second factor, from whatever address: who asks knows the password already. */
  async admitSecond(userId: string, now: Date): Promise<void> {
    await this.admitKeys([`second:${userId}`], now);
  }

  async succeededSecond(userId: string): Promise<void> {
    await this.attempts.forget([`second:${userId}`]);
  }

  private async admitKeys(keys: readonly string[], now: Date): Promise<void> {
    const waitMs = await this.dataSource.transaction(async (manager) => {
      const known = await this.attempts.lock(manager, keys, now);
      const wait = Math.max(...known.map((attempts) => waitFor(attempts, now)));
      if (wait <= 0) await this.attempts.count(manager, keys, now);
      return wait;
    });
    if (waitMs > 0) throw tooManyAttempts(Math.ceil(waitMs / 1000));
  }

  /** The address stays under watch: a good sign-in to one account does not excuse guesses at others. */
  async succeeded(email: string, address: string | null): Promise<void> {
    const keys = keysOf(email, address);
    await this.attempts.forget([keys.pair, keys.account]);
    await this.attempts.uncount(keys.address);
  }
}

function keysOf(email: string, address: string | null): Record<PasswordKey, string> {
  const from = address ?? 'unknown';
  return { pair: `pair:${from}:${email}`, account: `account:${email}`, address: `address:${from}` };
}

/** Milliseconds until the next attempt under this key; 0 or less: now. */
function waitFor({ key, failures, lastAttemptAt }: Attempts, now: Date): number {
  const kind = key.split(':')[0] as keyof typeof POLICIES;
  const delay = delayAfter(failures, POLICIES[kind]);
  return delay === 0 ? 0 : lastAttemptAt.getTime() + delay - now.getTime();
}

function tooManyAttempts(seconds: number): DomainError {
  return new DomainError(429, 'too_many_attempts', `Too many failed sign-ins. Try again in ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
