import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { commonPasswords } from './common-passwords.js';
import { isCommonPassword } from './domain/common-password.js';
import { passwordFault } from './domain/password-rules.js';
import { DomainError } from '../problems/domain-error.js';

/** argon2id: 19 MiB, two passes, one lane (OWASP's first choice); the salt is the library's. */
const WORK = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

@Injectable()
export class Passwords {
  /** Nobody's password, verified against where there is no account, so that both cases take the same time. */
  private readonly decoy: Promise<string> = hash(randomBytes(32), WORK);

  /** @throws DomainError 400 `invalid_request` where the password breaks the rules */
  async hashNew(password: string, email: string, pointer = '/password'): Promise<string> {
    const fault = await this.faultOf(password, email);
    if (fault !== null) {
      throw new DomainError(400, 'invalid_request', fault, { errors: [{ pointer, message: fault }] });
    }
    return hash(password, WORK);
  }

  /** What is wrong with a new password, as a sentence; null where it is good. */
  async faultOf(password: string, email: string): Promise<string | null> {
    const fault = passwordFault(password, email);
    if (fault !== null) return fault;
    const common = await commonPasswords();
    if (!isCommonPassword(password, (text) => common.has(text))) return null;
    return 'This is one of the most used passwords, or one of them made longer; choose another.';
  }

  /** Without judging the password: for one that the operator chose in the environment. */
  hashGiven(password: string): Promise<string> {
    return hash(password, WORK);
  }

  /** Whether it is the password; does the same work where there is none to compare with. */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    const matched = await verify(passwordHash ?? (await this.decoy), password);
    return matched && passwordHash !== null;
  }
}
