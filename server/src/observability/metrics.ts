import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** This process's Prometheus metrics. Other parts register their own in `registry`. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [this.registry],
    });
  }

  /** Measures a request under the template of its route, so that ids do not multiply the series. */
  observe(request: Request, response: Response, next: NextFunction): void {
    const end = this.requests.startTimer();
    response.once('close', () => {
      end({ method: request.method, route: routeTemplate(request), status: response.statusCode });
    });
    next();
  }
}

function routeTemplate(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : '';
  // A wildcard is the route of a middleware: no controller took the request.
  return path === '' || path.includes('*') ? 'unmatched' : path;
}
