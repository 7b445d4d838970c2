import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from './api-problems.decorator.js';
import { Unlimited } from './unlimited.decorator.js';
import type { Requirement } from './domain/requirement.js';

/** What a route declared: that it is open, or what it asks of its caller. */
export type RouteAccess =
  { readonly kind: 'public' } | { readonly kind: 'requires'; readonly requirement: Requirement };

/** Metadata key of a route's `RouteAccess`. */
export const ROUTE_ACCESS = 'orchestrator:access';

const access = (value: RouteAccess): MethodDecorator & ClassDecorator => SetMetadata(ROUTE_ACCESS, value);

/** The route's permission, together with its OpenAPI security and the refusals of every guarded route. */
export const Authenticated = (requirement: Requirement): MethodDecorator & ClassDecorator =>
  applyDecorators(
    access({ kind: 'requires', requirement }),
    ApiExtension('x-permission', requirement),
    ApiBearerAuth('bearer'),
    ApiSecurity('api_key'),
    ApiCookieAuth('cookie'),
    ApiProblems({
      401: 'Missing or bad credentials (`authentication_required`).',
      403: describeRefusal(requirement),
      429: 'Too many requests (`too_many_requests`); `Retry-After` says when to try again.',
    }),
  );

/** The route is open to everyone; only what must be. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    access({ kind: 'public' }),
    ApiProblems({
      429: 'Too many requests from this address (`too_many_requests`); `Retry-After` says when to try again.',
    }),
  );

/** Open, and not limited by address: probes, and callers who speak for many and do not ask again. */
export const PublicUnlimited = (): MethodDecorator =>
  applyDecorators(access({ kind: 'public' }), Unlimited());

function describeRefusal(requirement: Requirement): string {
  switch (requirement) {
    case 'signed_in':
      return 'The request was sent by a page of another site (`cross_site_request`).';
    case 'own_account':
      return 'The credential is narrowed to some scopes (`forbidden`).';
    default:
      return `The caller lacks the permission \`${requirement}\` (\`forbidden\`), or must set up a second factor first (\`second_factor_required\`).`;
  }
}
