import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import { json, text, urlencoded, type NextFunction, type Request, type Response } from 'express';
import type { AppConfig } from './config/app-config.js';
import { fromBodyParser } from './problems/to-domain-error.js';
import { securityHeaders } from './security-headers.js';

/** What a program of another origin needs besides the body. */
const EXPOSED = ['ETag', 'Location', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'Idempotency-Replayed'];

/** Of what a called service tells: it is unknown to us but for the address it was given. */
const CALLBACK_BYTES = 256 * 1024;

/** Where the identity provider tells of sign-outs, in a form. */
const BACKCHANNEL = '/auth/oidc/backchannel-logout';
const BACKCHANNEL_BYTES = 64 * 1024;

/**
 * What every request passes before a controller sees it. The application is created with `bodyParser: false`,
 * so that a broken body meets the problem filter with its reason intact.
 */
export function configureApp(app: NestExpressApplication, config: AppConfig): void {
  app.set('trust proxy', [...config.trustedProxies]);
  app.disable('x-powered-by');
  app.use(securityHeaders(config));
  if (config.corsOrigins.length > 0) {
    // Without credentials: pages of other origins bring a token of their own, never the cookie of the console.
    app.enableCors({
      origin: [...config.corsOrigins],
      credentials: false,
      exposedHeaders: EXPOSED,
      maxAge: 600,
    });
  }
  app.use(keepNothing);
  app.use(believeValidators);
  app.use(compression({ filter: isCompressible }));
  app.use(cookieParser());
  // A profile written as JSON stays text: its errors are told by line.
  app.use('/profiles', text({ type: 'application/json', limit: config.limits.jsonBodyBytes }));
  app.use(BACKCHANNEL, urlencoded({ extended: false, limit: BACKCHANNEL_BYTES, parameterLimit: 10 }));
  app.use('/callbacks', json({ limit: CALLBACK_BYTES, strict: false }));
  app.use(json({ limit: config.limits.jsonBodyBytes, strict: false }));
  app.use(
    text({
      type: ['application/yaml', 'application/x-yaml', 'text/yaml'],
      limit: config.limits.jsonBodyBytes,
    }),
  );
  app.use(explainBrokenBody);
}

/** Answers are for the caller alone; a route that knows better says so itself. */
function keepNothing(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/**
 * A validator is compared also where `Cache-Control: no-cache` comes with it, as programs send it beside every
 * `If-None-Match`: that speaks to the caches on the way (RFC 9111), but Express answers 200 to it.
 */
function believeValidators({ headers }: Request, _response: Response, next: NextFunction): void {
  if (headers['if-none-match'] !== undefined) delete headers['cache-control'];
  next();
}

/** Events must arrive one by one, so their stream is not compressed. */
function isCompressible(request: Request, response: Response): boolean {
  const type = String(response.getHeader('Content-Type') ?? '');
  return !type.startsWith('text/event-stream') && compression.filter(request, response);
}

/** Express tells an error handler by its four parameters. */
function explainBrokenBody(error: Error, _request: Request, _response: Response, next: NextFunction): void {
  next(fromBodyParser(error) ?? error);
}
