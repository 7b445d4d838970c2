import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Authenticator } from '../auth/authenticator.js';
import type { Permission } from '../auth/domain/permissions.js';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { DomainError } from '../problems/domain-error.js';
import { RunAccess } from './run-access.js';

/**
 * Who waits for an answer that takes long. A credential can end meanwhile, a role be lowered, a share be taken away:
 * whoever streams or waits asks again before something goes out.
 */
@Injectable()
export class RunReaders {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly access: RunAccess,
  ) {}

  /** The caller as they are now; null where they may do this no more. */
  async now(request: Request, permission: Permission): Promise<Principal | null> {
    const principal = await nullWhereRefused(this.authenticator.identify(request));
    return principal !== null && principalAllows(principal, permission) ? principal : null;
  }

  /** Whether the caller may read the run now. */
  async sees(request: Request, runId: string): Promise<boolean> {
    const principal = await this.now(request, 'runs:read');
    if (principal === null) return false;
    return (await nullWhereRefused(this.access.require(principal, runId, 'read'))) !== null;
  }
}

const nullWhereRefused = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof DomainError && error.status < 500) return null;
    throw error;
  });
