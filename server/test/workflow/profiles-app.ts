import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import type { ConfigValues } from '../../src/config/app-config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { configureApp } from '../../src/configure-app.js';
import { PersistenceModule } from '../../src/persistence/persistence.module.js';
import { ProblemFilter } from '../../src/problems/problem.filter.js';
import { RequestValidationPipe } from '../../src/problems/validation.pipe.js';
import { WorkflowModule } from '../../src/workflow/workflow.module.js';
import { ADMIN } from '../auth/test-app.js';
import { testConfig } from '../support/test-config.js';
import type { TestDatabase } from '../support/test-database.js';

export interface ProfilesApp {
  readonly app: NestExpressApplication;
  readonly http: TestAgent;
  close(): Promise<void>;
}

/** Accounts and profiles of the application, listening, on the database. */
export async function startProfilesApp(
  database: TestDatabase,
  changes: Partial<ConfigValues> = {},
): Promise<ProfilesApp> {
  const config = testConfig('/tmp', database.url, {
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    authTrustedHeaders: true,
    rateLimitPerMinute: 0,
    rateLimitBurst: 0,
    ...changes,
  });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.of(config), PersistenceModule, AuthModule, WorkflowModule],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  configureApp(app, config);
  await app.listen(0, '127.0.0.1');
  return { app, http: request(await app.getUrl()), close: () => app.close() };
}
