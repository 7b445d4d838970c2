import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AppConfig } from '../config/app-config.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { ROUTE_ACCESS, type RouteAccess } from './authenticated.decorator.js';
import { Authenticator } from './authenticator.js';
import type { Principal, Via } from './domain/principal.js';
import { isCrossSite, isUnsafeMethod } from './domain/request-origin.js';
import { meets, type Requirement } from './domain/requirement.js';
import { DomainError, forbidden } from '../problems/domain-error.js';

/** Stands before every route: a route that declares nothing is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
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
    const principal = await this.authenticator.identify(request);
    request.principal = principal;
    if (isAmbient(principal.via)) this.refuseForgery(request);
    if (!meets(principal, access.requirement)) throw refusal(principal, access.requirement);
    return true;
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

function refusal({ owesSecondFactor }: Principal, requirement: Requirement): DomainError {
  if (requirement === 'own_account')
    return forbidden('A key that is narrowed to some scopes may not do this.');
  if (owesSecondFactor) return secondFactorRequired();
  return forbidden(`This needs the permission ${requirement}, which you or this key do not have.`);
}

const secondFactorRequired = (): DomainError =>
  new DomainError(
    403,
    'second_factor_required',
    'A second factor is demanded of this account: sign in to the console and set it up under Settings, Account.',
  );
