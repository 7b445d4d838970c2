import { Body, Controller, Get, HttpCode, HttpException, Inject, Param, Post, Res } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import type { Pool } from 'pg';
import request from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { Unlimited } from '../../src/auth/unlimited.decorator.js';
import { Authenticated } from '../../src/auth/authenticated.decorator.js';
import { CurrentUser } from '../../src/auth/current-user.decorator.js';
import type { Principal } from '../../src/auth/domain/principal.js';
import type { ConfigValues } from '../../src/config/app-config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { configureApp } from '../../src/configure-app.js';
import { IdempotencyModule } from '../../src/idempotency/idempotency.module.js';
import { PersistenceModule } from '../../src/persistence/persistence.module.js';
import { PG_POOL } from '../../src/persistence/pg-pool.js';
import { DomainError } from '../../src/problems/domain-error.js';
import { ProblemFilter } from '../../src/problems/problem.filter.js';
import { RequestValidationPipe } from '../../src/problems/validation.pipe.js';
import { testConfig } from '../support/test-config.js';
import type { TestDatabase } from '../support/test-database.js';

export const ADMIN = { email: 'admin@example.org', password: 'correct horse battery staple' };

/** Routes to try the guards and the idempotency on; the work counts itself and waits to be let on. */
@Controller('probe')
export class ProbeController {
  @Get('unlimited')
  @Unlimited()
  @Authenticated('signed_in')
  unlimited(): object {
    return {};
  }

  static executions: string[] = [];
  static gate: Promise<void> = Promise.resolve();

  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  @Get('undeclared')
  undeclared(): string {
    return 'nobody should read this';
  }

  @Get('read')
  @Authenticated('runs:read')
  read(@CurrentUser() user: Principal): Principal {
    return user;
  }

  @Get('users/:id')
  @Authenticated('users:manage')
  manage(@Param('id') id: string): string {
    return id;
  }

  @Post('acts/:kind')
  @HttpCode(201)
  @Authenticated('runs:create')
  async work(
    @Param('kind') kind: string,
    @Body() body: Record<string, unknown>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ n: number; body: unknown }> {
    ProbeController.executions.push(kind);
    const n = ProbeController.executions.length;
    await ProbeController.gate;
    await this.pool.query('SELECT 1');
    if (kind === 'conflict') throw new DomainError(409, 'run_paused', 'The run is paused.');
    if (kind === 'teapot') throw new HttpException('no tea', 418);
    if (kind === 'fails-once' && n === 1) throw new Error('a bug');
    response.location(`/probe/${String(n)}`);
    return { n, body };
  }
}

export interface TestApp {
  readonly app: NestExpressApplication;
  /** Without credentials. */
  readonly http: TestAgent;
  close(): Promise<void>;
}

/** The accounts part of the application, listening, on the database. */
export async function startApp(
  database: TestDatabase,
  changes: Partial<ConfigValues> = {},
): Promise<TestApp> {
  const config = testConfig('/tmp', database.url, {
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    rateLimitPerMinute: 0,
    rateLimitBurst: 0,
    ...changes,
  });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.of(config), PersistenceModule, AuthModule, IdempotencyModule],
    controllers: [ProbeController],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  configureApp(app, config);
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  return { app, http: request(await app.getUrl()), close: () => app.close() };
}

/** Signs in and returns the access token. */
export async function tokenOf(
  http: TestAgent,
  email = ADMIN.email,
  password = ADMIN.password,
): Promise<string> {
  const { body } = await http.post('/auth/login').send({ email, password }).expect(200);
  return (body as { access_token: string }).access_token;
}

export const bearer = (token: string): [string, string] => ['Authorization', `Bearer ${token}`];

/** The cookies that an answer sets, as a browser would send them back. */
export const cookiesOf = (headers: Record<string, unknown>): string =>
  ((headers['set-cookie'] ?? []) as string[]).map((cookie) => cookie.split(';')[0]).join('; ');
