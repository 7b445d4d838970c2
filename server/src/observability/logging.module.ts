import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import { v7 as uuid } from 'uuid';
import { AppConfig } from '../config/app-config.js';
import { publicPath } from './public-path.js';

const SECRETS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'api_key',
  'apiKey',
  'access_token',
];

/**
 * JSON lines on stdout. A finished request is one line: `debug` where it went well, `info` where the caller was
 * refused, `error` where we failed. Headers, bodies and queries are never logged: they may hold secrets.
 */
export function loggingModule(): DynamicModule {
  return LoggerModule.forRootAsync({
    inject: [AppConfig],
    useFactory: (config: AppConfig): Params => ({
      pinoHttp: {
        level: config.logLevel,
        redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
        genReqId: requestId,
        customLogLevel: levelOf,
        serializers: { req: describeRequest, res: describeResponse },
      },
    }),
  });
}

/** Every answer names its request, so that a caller can quote it. */
function requestId(_request: IncomingMessage, response: ServerResponse): string {
  const id = uuid();
  response.setHeader('X-Request-Id', id);
  return id;
}

function levelOf(_request: IncomingMessage, response: ServerResponse): 'debug' | 'info' | 'error' {
  if (response.statusCode >= 500) return 'error';
  return response.statusCode >= 400 ? 'info' : 'debug';
}

function describeRequest(request: {
  id: unknown;
  method: string;
  url: string;
  remoteAddress: string;
}): object {
  const { id, method, url, remoteAddress } = request;
  return { id, method, path: publicPath(url), remoteAddress };
}

function describeResponse(response: { statusCode: number }): object {
  return { status: response.statusCode };
}
