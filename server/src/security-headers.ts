import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { AppConfig } from './config/app-config.js';

/**
 * Security headers with a policy that lets the console load from here alone. Inline styles stay allowed:
 * Angular and the charts set them on elements.
 */
export function securityHeaders({ publicUrl }: Pick<AppConfig, 'publicUrl'>): RequestHandler {
  const secure = publicUrl?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        // On plain HTTP it would send every request to a port that does not speak TLS.
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
}
