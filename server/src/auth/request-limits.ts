import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import { DomainError } from '../problems/domain-error.js';
import type { Principal } from './domain/principal.js';
import { addressPolicy, rateHeaders, ratePolicy, type RatePolicy } from './domain/rate-limit.js';
import { RateLimiter } from './rate-limiter.js';

/** Counts requests, tells what is left in the headers, and refuses what is too much. */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly config: AppConfig,
    private readonly limiter: RateLimiter,
  ) {}

  /** A request of somebody known. @throws DomainError 429 */
  ofUser({ role, via, userId }: Principal, response: Response): void {
    const { rateLimitRoles, rateLimitPerMinute, rateLimitBurst } = this.config;
    const own = rateLimitRoles.get(role);
    const policy = ratePolicy(via, own?.perMinute ?? rateLimitPerMinute, own?.burst ?? rateLimitBurst);
    this.count(userId, policy, response);
  }

  /** A request of nobody known, counted for where it comes from. @throws DomainError 429 */
  ofAddress(request: Request, response: Response): void {
    this.count(request.ip ?? 'unknown', addressPolicy(this.config.rateLimitPerMinute), response);
  }

  private count(caller: string, policy: RatePolicy, response: Response): void {
    if (policy.perMinute === null && policy.burst === null) return;
    const { state, verdict } = this.limiter.take(`${policy.name}:${caller}`, policy, Date.now());
    response.set(rateHeaders(policy, state));
    if (verdict.kind === 'allowed') return;
    const seconds = String(verdict.retryAfterSeconds);
    throw new DomainError(429, 'too_many_requests', `Too many requests. Try again in ${seconds} s.`, {
      headers: { 'Retry-After': seconds },
    });
  }
}
