import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, notFound } from '../../problems/domain-error.js';
import { type ClientInfo, SessionsService, type Tokens } from '../sessions.service.js';
import { DeviceLoginEntity } from './device-login.entity.js';
import { DeviceLoginsRepository } from './device-logins.repository.js';
import { UsersRepository } from '../users.repository.js';
import { noSignIn } from '../users.service.js';
import { readUserCode, USER_CODE_LENGTH, USER_CODE_LETTERS } from './domain/user-code.js';

export const DEVICE_LOGIN_SECONDS = 600;
export const POLL_SECONDS = 5;
/** Of clocks and networks. */
const POLL_TOLERANCE_MS = 1000;
/** Waiting at once; more is no use to anybody. */
const MOST_WAITING = 1000;
const MOST_FROM_ONE_ADDRESS = 20;

type Answer = { readonly userId: string } | { readonly refusal: DomainError };

/** Sign-ins of programs that somebody allows in the console (RFC 8628). */
@Injectable()
export class DeviceLogins {
  constructor(
    private readonly dataSource: DataSource,
    private readonly logins: DeviceLoginsRepository,
    private readonly sessions: SessionsService,
    private readonly users: UsersRepository,
  ) {}

  /** @throws DomainError 429 `too_many_attempts` where too many wait */
  async start(
    clientName: string,
    address: string | null,
  ): Promise<{ readonly deviceCode: string; readonly userCode: string }> {
    const now = new Date();
    const full =
      (await this.logins.countWaiting(now)) >= MOST_WAITING ||
      (await this.logins.countWaiting(now, address)) >= MOST_FROM_ONE_ADDRESS;
    if (full) throw tooMany();
    const deviceCode = randomBytes(32).toString('base64url');
    const userCode = Array.from({ length: USER_CODE_LENGTH }, randomLetter).join('');
    await this.logins.insert({
      ...{ userCode, deviceCodeHash: digest(deviceCode), clientName, address, createdAt: now },
      expiresAt: new Date(now.getTime() + DEVICE_LOGIN_SECONDS * 1000),
      ...{ polledAt: null, userId: null, approved: null },
    });
    return { deviceCode, userCode };
  }

  /** What waits under this code. @throws DomainError 404 */
  async waiting(typed: string): Promise<DeviceLoginEntity> {
    const code = readUserCode(typed);
    const found = code === null ? null : await this.logins.undecided(code, new Date());
    if (found === null) throw notFound('Device sign-in', typed);
    return found;
  }

  /** @throws DomainError 404 where nothing waits under this code (any more), 409 `service_account` */
  async decide(typed: string, userId: string, approved: boolean): Promise<void> {
    const { userCode } = await this.waiting(typed);
    if ((await this.users.byId(userId))?.kind !== 'person') throw noSignIn();
    if (!(await this.logins.decide(userCode, userId, approved, new Date()))) {
      throw notFound('Device sign-in', typed);
    }
  }

  /**
   * The tokens of an allowed sign-in, once.
   * @throws DomainError 400 `authorization_pending`, `slow_down`, `access_denied`, `expired_token`
   */
  async redeem(deviceCode: string, client: ClientInfo): Promise<Tokens> {
    const answer = await this.look(deviceCode, new Date());
    if ('refusal' in answer) throw answer.refusal;
    return this.sessions.open(answer.userId, client);
  }

  private look(deviceCode: string, now: Date): Promise<Answer> {
    return this.dataSource.transaction(async (manager) => {
      const login = await this.logins.lock(manager, digest(deviceCode));
      if (login === null || login.expiresAt <= now) return { refusal: REFUSALS.expired() };
      if (login.approved === null) {
        const early = isEarly(login, now);
        await manager.update(DeviceLoginEntity, { userCode: login.userCode }, { polledAt: now });
        return { refusal: early ? REFUSALS.early() : REFUSALS.pending() };
      }
      await manager.remove(login);
      return login.approved && login.userId !== null
        ? { userId: login.userId }
        : { refusal: REFUSALS.denied() };
    });
  }
}

const randomLetter = (): string => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)] ?? 'B';

const digest = (code: string): Buffer => createHash('sha256').update(code).digest();

function isEarly({ polledAt }: DeviceLoginEntity, now: Date): boolean {
  if (polledAt === null) return false;
  return now.getTime() - polledAt.getTime() < POLL_SECONDS * 1000 - POLL_TOLERANCE_MS;
}

const refusal = (code: string, detail: string) => (): DomainError => new DomainError(400, code, detail);

/** By the names of RFC 8628. */
const REFUSALS = {
  pending: refusal('authorization_pending', 'Nobody has decided on this sign-in yet; ask again.'),
  early: refusal('slow_down', `Ask every ${POLL_SECONDS} s, not more often.`),
  denied: refusal('access_denied', 'The sign-in was refused in the console.'),
  expired: refusal('expired_token', 'This sign-in was used, has expired, or never was; begin again.'),
};

const tooMany = (): DomainError =>
  new DomainError(429, 'too_many_attempts', 'Too many sign-ins wait for a decision; try again in a minute.', {
    headers: { 'Retry-After': '60' },
  });
