import { HttpErrorResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import {
  type ActivatedRouteSnapshot,
  type CanActivateFn,
  RedirectCommand,
  Router,
  type UrlTree,
} from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Connection } from '../shell/connection';
import { AuthGateway, type Permission } from './auth-gateway';
import { Session } from './session';

/**
 * Lets signed-in people in; others go to the first-run page or to sign in, and come back afterwards. Who must set up a
 * second factor first does that.
 */
export const needsSession: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const gateway = inject(AuthGateway);
  const router = inject(Router);
  const connection = inject(Connection);
  if (session.user() === null) loadAhead(state.root);
  for (;;) {
    try {
      const { owes_second_factor: owes } = await session.load();
      return owes && !state.url.startsWith(FACTOR_PAGE) ? factorPage(router, state.url) : true;
    } catch (error) {
      if (isUnauthorised(error)) return await signInPage(gateway, router, state.url);
      // The server does not answer: the banner says so, and the page opens as soon as it is back.
      await connection.whenRestored();
    }
  }
};

const FACTOR_PAGE = '/second-factor';

const factorPage = (router: Router, wanted: string): UrlTree =>
  router.createUrlTree([FACTOR_PAGE], { queryParams: { return: wanted } });

/** Begins to fetch what the page is made of while the server is asked who is there. */
function loadAhead(root: ActivatedRouteSnapshot): void {
  for (let route: ActivatedRouteSnapshot | null = root; route !== null; route = route.firstChild) {
    // The router asks again, and shows what fails then.
    Promise.resolve(route.routeConfig?.loadComponent?.()).catch(() => undefined);
  }
}

/** The first-run page exists only while there is no user. */
export const needsSetup: CanActivateFn = async () => {
  const gateway = inject(AuthGateway);
  const router = inject(Router);
  const { setup_required } = await firstValueFrom(gateway.status());
  return setup_required || router.createUrlTree(['/login']);
};

/** A page for those who hold a permission; others are told so, and the server refuses them anyway. */
export const needs =
  (permission: Permission): CanActivateFn =>
  async () => {
    const session = inject(Session);
    const router = inject(Router);
    await session.load();
    return (
      session.may(permission) ||
      new RedirectCommand(router.parseUrl('/no-access'), { skipLocationChange: true })
    );
  };

/** Pages for administrators. */
export const adminOnly = needs('users:manage');

async function signInPage(gateway: AuthGateway, router: Router, wanted: string) {
  const { setup_required } = await firstValueFrom(gateway.status());
  if (setup_required) return router.createUrlTree(['/setup']);
  const back = wanted === '/' || wanted === '/runs' ? {} : { queryParams: { return: wanted } };
  return router.createUrlTree(['/login'], back);
}

const isUnauthorised = (error: unknown): boolean =>
  error instanceof HttpErrorResponse && (error.status === 401 || error.status === 403);
