import { Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Via } from './domain/principal.js';
import { principalOf } from './principal-of.js';
import { UsersRepository } from './users.repository.js';

/** Tells the audit list of whom a public route has learned, which no guard knows before. */
@Injectable()
export class Callers {
  constructor(private readonly users: UsersRepository) {}

  /** Who sent the request has proved who they are. */
  async proved(request: AuthenticatedRequest, userId: string, via: Via = 'session'): Promise<void> {
    const user = await this.users.byId(userId);
    if (user !== null) request.principal = principalOf(user, via);
  }

  /** The request was about an account, whoever sent it. */
  async named(request: AuthenticatedRequest, userId: string | null): Promise<void> {
    const user = userId === null ? null : await this.users.byId(userId);
    if (user !== null) request.about = user.email;
  }
}
