import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src/auth/domain/permissions.js';
import type { AppConfig, ConfigValues } from '../../src/config/app-config.js';
import type { Limits } from '../../src/config/limits.js';
import { closeApiServer, createApiServer } from '../../src/startup/api-server.js';
import { ApiClient, signIn } from './api-client.js';
import { testConfig } from './test-config.js';
import { createTestDatabase, type Template, type TestDatabase } from './test-database.js';

export const PASSWORD = 'correct horse battery staple';
export const emailOf = (name: string): string => `${name}@example.org`;

/** Callers of every role, signed in. */
export interface Callers {
  readonly admin: ApiClient;
  readonly member: ApiClient;
  readonly otherMember: ApiClient;
  readonly viewer: ApiClient;
  /** Without credentials. */
  readonly nobody: ApiClient;
}

export interface TestApp extends Callers {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly database: TestDatabase;
  /** A folder of this test; `REPOSITORY_ROOTS` is `repositories` in it, `DATA_DIR` is `data`. */
  readonly folder: string;
  /** Ends the server and removes database and files. */
  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly limits?: Partial<Limits>;
  readonly config?: Partial<ConfigValues>;
}

/** Lost steps are noticed within a second or two, instead of half a minute. */
export const QUICK: Partial<Limits> = { leaseMs: 2000, heartbeatMs: 500, sweepMs: 500, graceMs: 500 };

/** Starts the whole application on a database and folder of its own, listening, with a user of every role. */
export async function startTestApp({ limits, config }: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase(PEOPLED);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-app-')));
  await mkdir(join(folder, 'repositories'));
  const values = testConfig(join(folder, 'data'), database.url, {
    ...ADMINISTERED,
    repositoryRoots: [join(folder, 'repositories')],
    ...config,
  });
  const { app, url } = await listen(values.with({ limits: { ...values.limits, ...limits } }), folder);
  const stop = async (): Promise<void> => {
    await closeApiServer(app);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...(await signInEverybody(url)), app, url, database, folder, stop };
}

const ADMINISTERED = {
  adminEmail: emailOf('admin'),
  adminPassword: PASSWORD,
  rateLimitPerMinute: 0,
  rateLimitBurst: 0,
};

/** A database that the application has started on once, with a user of every role. */
const PEOPLED: Template = {
  name: 'peopled',
  fill: async (databaseUrl) => {
    const folder = await mkdtemp(join(tmpdir(), 'orchestrator-app-'));
    // No worker of it stands among those of a test.
    const config = testConfig(join(folder, 'data'), databaseUrl, { ...ADMINISTERED, role: 'api' });
    const { app, url } = await listen(config, folder);
    await createEverybody(url);
    await closeApiServer(app);
    await rm(folder, { recursive: true });
  },
};

async function listen(
  config: AppConfig,
  folder: string,
): Promise<{ readonly app: NestExpressApplication; readonly url: string }> {
  const app = await createApiServer(config, join(folder, 'no-console'));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${String(port)}` };
}

/** Creates a user of every role as the administrator, who exists from the start. */
async function createEverybody(url: string): Promise<void> {
  const admin = await signIn(url, emailOf('admin'), PASSWORD);
  const create = async (name: string, role: Role): Promise<void> => {
    const user = { email: emailOf(name), name, role, password: PASSWORD };
    const { status, body } = await admin.post('/users', user);
    if (status !== 201) throw new Error(`Cannot create ${name}: ${JSON.stringify(body)}`);
  };
  await Promise.all([
    create('member', 'member'),
    create('other-member', 'member'),
    create('viewer', 'viewer'),
  ]);
}

async function signInEverybody(url: string): Promise<Callers> {
  const as = (name: string): Promise<ApiClient> => signIn(url, emailOf(name), PASSWORD);
  const [admin, member, otherMember, viewer] = await Promise.all([
    as('admin'),
    as('member'),
    as('other-member'),
    as('viewer'),
  ]);
  return { admin, member, otherMember, viewer, nobody: new ApiClient(url, {}) };
}
