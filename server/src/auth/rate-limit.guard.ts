import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { rateHeaders, ratePolicy } from './domain/rate-limit.js';
import { RateLimiter } from './rate-limiter.js';
import { UNLIMITED } from './unlimited.decorator.js';
import { DomainError } from '../problems/domain-error.js';

/** Limits what each user may ask for; stands behind the guard that knows who it is. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly config: AppConfig,
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
  ) {}

  /** A holder of a lease must not lose it to a limit on requests. */
  private isUnlimited(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(UNLIMITED, targets) === true;
  }

  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (principal === undefined || this.isUnlimited(context)) return true;
    const { rateLimitRoles, rateLimitPerMinute, rateLimitBurst } = this.config;
    const own = rateLimitRoles.get(principal.role);
    const policy = ratePolicy(
      principal.via,
      own?.perMinute ?? rateLimitPerMinute,
      own?.burst ?? rateLimitBurst,
    );
    if (policy.perMinute === null && policy.burst === null) return true;
    const { state, verdict } = this.limiter.take(`${policy.name}:${principal.userId}`, policy, Date.now());
    context.switchToHttp().getResponse<Response>().set(rateHeaders(policy, state));
    if (verdict.kind === 'allowed') return true;
    const seconds = String(verdict.retryAfterSeconds);
    throw new DomainError(429, 'too_many_requests', `Too many requests. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': seconds },
    });
  }
}
