import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { ROUTE_ACCESS, type RouteAccess } from './authenticated.decorator.js';
import { Authenticator } from './authenticator.js';
import type { Principal, Via } from './domain/principal.js';
import { isCrossSite, isUnsafeMethod } from './domain/request-origin.js';
import { RequestLimits } from './request-limits.js';
import { DomainError, forbidden } from '../problems/domain-error.js';

/** Stands before every route and finds out who calls: a route that declares nothing is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly limits: RequestLimits,
    private readonly config: AppConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw forbidden('This route declares no permission and is therefore closed.');
    if (access.kind === 'public') {
      this.refuseForgery(request);
      return true;
    }
    const principal = await this.identify(request, context.switchToHttp().getResponse<Response>());
    request.principal = principal;
    if (isAmbient(principal.via)) this.refuseForgery(request);
    return true;
  }

  /** Who offers no good credential is limited by their address. */
  private async identify(request: Request, response: Response): Promise<Principal> {
    try {
      return await this.authenticator.identify(request);
    } catch (error) {
      if (error instanceof DomainError && error.status === 401) this.limits.ofAddress(request, response);
      throw error;
    }
  }

  /** Credentials that a browser adds by itself must not serve the pages of other sites. */
  private refuseForgery(request: Request): void {
    if (!isUnsafeMethod(request.method)) return;
    const origin = request.get('origin') ?? null;
    const secFetchSite = request.get('sec-fetch-site') ?? null;
    const host = request.host;
    if (isCrossSite({ origin, secFetchSite, host }, this.config.publicUrl)) {
      throw new DomainError(403, 'cross_site_request', 'This request was sent by a page of another site.');
    }
  }
}

/** Whether the proof comes with every request of a browser, whoever caused it. */
const isAmbient = (via: Via): boolean => via === 'session' || via === 'trusted_header';
