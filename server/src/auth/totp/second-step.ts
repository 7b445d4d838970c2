import { Injectable } from '@nestjs/common';
import { DomainError } from '../../problems/domain-error.js';
import { LoginThrottle } from '../login-throttle.js';
import { type ClientInfo, SessionsService, type Tokens } from '../sessions.service.js';
import type { UserEntity } from '../user.entity.js';
import { UsersRepository } from '../users.repository.js';
import { TotpTickets } from './totp-tickets.js';
import { Totp } from './totp.service.js';

/** The second half of a sign-in by password, for those who have a second factor. */
@Injectable()
export class SecondStep {
  constructor(
    private readonly users: UsersRepository,
    private readonly totp: Totp,
    private readonly tickets: TotpTickets,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionsService,
  ) {}

  /** After the right password. @throws DomainError 401 `totp_required` with a ticket, where a code is needed */
  async require(user: UserEntity): Promise<void> {
    if ((await this.totp.confirmed(user.id)) === null) return;
    throw new DomainError(
      401,
      'totp_required',
      'The password is right; the code of the authenticator is needed too.',
      { totpTicket: this.tickets.issue(user, new Date()) },
    );
  }

  /** Whose ticket it says it is; null where it is none. */
  subject(ticket: string): string | null {
    return this.tickets.subject(ticket);
  }

  /**
   * Signs in with the ticket and a code.
   * @throws DomainError 401 `totp_ticket_invalid`, `totp_invalid`, 429 `too_many_attempts`
   */
  async login(ticket: string, code: string, client: ClientInfo): Promise<Tokens> {
    const now = new Date();
    const id = this.tickets.subject(ticket);
    const user = id === null ? null : await this.users.byId(id);
    if (user === null || user.disabledAt !== null || !this.tickets.isGood(ticket, user, now))
      throw ticketInvalid();
    const factor = await this.totp.confirmed(user.id);
    // Removed meanwhile, by whom the password alone is asked again.
    if (factor === null) throw ticketInvalid();
    await this.throttle.admitSecond(user.id, now);
    if (!(await this.totp.accept(factor, code, now))) throw codeInvalid();
    await this.throttle.succeededSecond(user.id);
    return this.sessions.open(user.id, client);
  }
}

const ticketInvalid = (): DomainError =>
  new DomainError(401, 'totp_ticket_invalid', 'This sign-in took too long; enter the password again.');

const codeInvalid = (): DomainError =>
  new DomainError(401, 'totp_invalid', 'Authentication failed: the code is not right, or was used already.');
