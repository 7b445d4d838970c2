import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError, forbidden } from '../problems/domain-error.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { ROUTE_ACCESS, type RouteAccess } from './authenticated.decorator.js';
import type { Principal } from './domain/principal.js';
import { meets, type Requirement } from './domain/requirement.js';

/** Lets those through who meet what the route asks; stands behind the limit, which counts refused requests as well. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw forbidden('This route declares no permission and is therefore closed.');
    if (access.kind === 'public') return true;
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (principal === undefined) throw new Error('Nobody was identified before the permission was asked for');
    if (!meets(principal, access.requirement)) throw refusal(principal, access.requirement);
    return true;
  }
}

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
