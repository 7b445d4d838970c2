import type { INestApplication } from '@nestjs/common';
import { ACCESS_COOKIE } from './auth/cookies.js';
import { describeIdempotency } from './idempotency/describe-idempotency.js';
import { describeProblems } from './problems/describe-problems.js';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const DESCRIPTION =
  'Multi-phase runs with gates on real evidence. JSON in snake_case, times in UTC, errors as RFC 9457 problems.';

/** The OpenAPI 3.1 description of the application, from its controllers and DTOs. */
export function buildApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Self-Hardening Orchestrator')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An access token, or an API key.' },
      'bearer',
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'api_key')
    .addCookieAuth(ACCESS_COOKIE, { type: 'apiKey', in: 'cookie' }, 'cookie')
    .build();
  const document = SwaggerModule.createDocument(app, options, {
    operationIdFactory: (_controller, method) => method,
  });
  return describeProblems(describeIdempotency(document));
}

/** Serves Swagger UI at /docs and the document at /openapi.json, both from this process alone. */
export function serveApiDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => buildApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Orchestrator API',
    swaggerOptions: { persistAuthorization: true },
  });
}
