import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import { ArtifactUploads } from '../../src/artifacts/artifact-uploads.js';
import { AgentsModule } from '../../src/agents/agents.module.js';
import { ArtifactsController } from '../../src/artifacts/artifacts.controller.js';
import { ArtifactsModule } from '../../src/artifacts/artifacts.module.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { ConfigModule } from '../../src/config/config.module.js';
import type { Limits } from '../../src/config/limits.js';
import { LiveModule } from '../../src/live/live.module.js';
import { RunEventsController } from '../../src/live/run-events.controller.js';
import { RunEventsRepository } from '../../src/live/run-events.repository.js';
import { LogReader } from '../../src/logs/log-reader.js';
import { LogsController } from '../../src/logs/logs.controller.js';
import { LogsModule } from '../../src/logs/logs.module.js';
import { PersistenceModule } from '../../src/persistence/persistence.module.js';
import { ProblemFilter } from '../../src/problems/problem.filter.js';
import { RequestValidationPipe } from '../../src/problems/validation.pipe.js';
import { RunAccess } from '../../src/runs/run-access.js';
import { RunReaders } from '../../src/runs/run-readers.js';
import { RunChanges } from '../../src/runs/run-changes.js';
import { SecretsModule } from '../../src/secrets/secrets.module.js';
import { WorkflowModule } from '../../src/workflow/workflow.module.js';
import { WorkflowService } from '../../src/workflow/workflow.service.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';
import { testConfig } from '../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { seedUser } from './seed-run.js';

const SAMPLE = `
apiVersion: orchestrator/v1
name: sample
title: Sample
phases:
  - name: planning
    steps:
      - id: write
        agent: architect
        command: "true"
        artifacts:
          - { path: "docs/*.md", type: prd, description: "The plan" }
  - name: building
    steps:
      - id: build
        command: "true"
`;

export interface RunDataApp {
  readonly app: NestExpressApplication;
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly url: string;
  /** Headers that say who calls: somebody known by `seedUser`. */
  as(email: string): Record<string, string>;
  readonly ownerId: string;
  close(): Promise<void>;
}

export const OWNER = 'owner@example.org';
export const STRANGER = 'stranger@example.org';
export const ADMIN = 'admin@example.org';
export const VIEWER = 'viewer@example.org';

/** Artifacts, logs and events over real HTTP, on a database of their own or on a given one. */
export async function startRunDataApp(
  limits: Partial<Limits> = {},
  shared?: RunDataApp,
): Promise<RunDataApp> {
  const database = shared?.database ?? (await createTestDatabase());
  const folder = await temporaryFolder();
  const defaults = testConfig(folder.path, database.url);
  const config = defaults.with({
    authTrustedHeaders: true,
    rateLimitPerMinute: 1_000_000,
    rateLimitBurst: 100_000,
    limits: { ...defaults.limits, ...limits },
  });
  const module = await Test.createTestingModule({
    imports: [
      AgentsModule,
      ConfigModule.of(config),
      PersistenceModule,
      AuthModule,
      WorkflowModule,
      ArtifactsModule,
      LogsModule,
      LiveModule,
      SecretsModule,
    ],
    controllers: [ArtifactsController, LogsController, RunEventsController],
    providers: [
      ...[ArtifactUploads, LogReader, RunEventsRepository, RunAccess, RunReaders, RunChanges],
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false });
  await app.listen(0, '127.0.0.1');
  const ownerId = shared?.ownerId ?? (await seed(app, database));
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    database,
    ownerId,
    dataDir: folder.path,
    url: `http://127.0.0.1:${String(port)}`,
    as: (email) => ({ 'x-user-id': email, 'x-user-email': email }),
    close: async () => {
      await app.close();
      if (shared === undefined) await database.drop();
      await folder.remove();
    },
  };
}

async function seed(app: NestExpressApplication, { dataSource }: TestDatabase): Promise<string> {
  await app.get(WorkflowService).publish('sample', SAMPLE, 'yaml', null);
  await seedUser(dataSource, STRANGER);
  await seedUser(dataSource, ADMIN, 'admin');
  await seedUser(dataSource, VIEWER, 'viewer');
  return seedUser(dataSource, OWNER);
}
