import { HttpErrorResponse, type HttpInterceptorFn, HttpResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { tap } from 'rxjs';
import { Connection } from './connection';

/** What a proxy answers in the place of a server that is away. */
const AWAY = new Set([0, 502, 503, 504]);

/** Tells the connection state from the answers of all requests. */
export const connectionInterceptor: HttpInterceptorFn = (request, next) => {
  const connection = inject(Connection);
  return next(request).pipe(
    tap({
      next: (event) => {
        if (event instanceof HttpResponse) connection.reportAnswer();
      },
      error: (error: unknown) => {
        if (!(error instanceof HttpErrorResponse)) return;
        if (AWAY.has(error.status)) connection.reportLost();
        else connection.reportAnswer();
      },
    }),
  );
};
