import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { Session } from './session';

/** Requests that make or end a session: their 401 is an answer, not an expired session. */
const SESSION_PATHS = [
  ...[
    '/auth/login',
    '/auth/login/totp',
    '/auth/refresh',
    '/auth/oidc/logout',
    '/auth/setup',
    '/auth/status',
    '/auth/oidc',
  ],
];

/** On 401 renews the session once and repeats the request; where that fails, leads to the login page. */
export const authInterceptor: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const path = new URL(request.url, 'http://console').pathname;
  if (SESSION_PATHS.includes(path)) return next(request);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse) || error.status !== 401) return throwError(() => error);
      return from(session.refresh()).pipe(
        switchMap((renewed) => {
          if (renewed) return next(request);
          void session.expire();
          return throwError(() => error);
        }),
      );
    }),
  );
};
