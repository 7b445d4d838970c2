import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { RequestLimits } from './request-limits.js';
import { UNLIMITED } from './unlimited.decorator.js';

/** Limits what each user may ask for, and each address from which somebody unknown asks. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RequestLimits,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.isUnlimited(context)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    if (request.principal === undefined) this.limits.ofAddress(request, response);
    else this.limits.ofUser(request.principal, response);
    return true;
  }

  /** A holder of a lease must not lose it to a limit on requests. */
  private isUnlimited(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(UNLIMITED, targets) === true;
  }
}
