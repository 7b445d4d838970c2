import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryModule, DiscoveryService, MetadataScanner, NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { ROUTE_ACCESS, type RouteAccess } from '../../src/auth/authenticated.decorator.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testConfig } from '../support/test-config.js';
import { ProbeController } from './test-app.js';

interface Route {
  readonly name: string;
  readonly access: RouteAccess | undefined;
}

describe('declared routes', () => {
  /** What may be open to everyone. A new entry is a decision, not a convenience. */
  const OPEN = [
    'GET auth/oidc',
    'GET auth/oidc/callback',
    'GET auth/oidc/login',
    'GET auth/status',
    'GET health/live',
    'GET health/ready',
    'GET metrics',
    'GET schemas/profile.json',
    'POST auth/device',
    'POST auth/device/token',
    'POST auth/login',
    'POST auth/login/totp',
    'POST auth/logout',
    'POST auth/oidc/backchannel-logout',
    'POST auth/oidc/logout',
    'POST auth/refresh',
    'POST auth/setup',
    'POST callbacks/:token',
    'POST auth/reset',
  ];

  @Module({ imports: [DiscoveryModule] })
  class WholeApplication {}

  let database: TestDatabase;
  let app: INestApplication;
  let routes: Route[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const imports = [AppModule.of(testConfig('/tmp', database.url))];
    // Built, not started: only the declarations are read.
    app = await NestFactory.create(
      { module: WholeApplication, imports },
      { logger: false, abortOnError: false },
    );
    const controllers = app.get(DiscoveryService).getControllers();
    routes = controllers.flatMap(({ metatype }) => routesOf(metatype as Type));
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  function routesOf(controller: Type): Route[] {
    const prototype = controller.prototype as Record<string, object>;
    const names = new MetadataScanner().getAllMethodNames(prototype);
    return names.flatMap((name) => {
      const handler = prototype[name] ?? {};
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const paths = [
        Reflect.getMetadata(PATH_METADATA, controller),
        Reflect.getMetadata(PATH_METADATA, handler),
      ];
      const path = paths.map((part) => String(part).replace(/^\/|\/$/g, '')).filter((part) => part !== '');
      const access = (Reflect.getMetadata(ROUTE_ACCESS, handler) ??
        Reflect.getMetadata(ROUTE_ACCESS, controller)) as RouteAccess | undefined;
      return [{ name: `${RequestMethod[method]} ${path.join('/')}`, access }];
    });
  }

  it('every route of the application declares who may use it', () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('only the listed routes are open to everyone', () => {
    const open = routes.filter(({ access }) => access?.kind === 'public').map(({ name }) => name);
    expect(open.filter((name) => !OPEN.includes(name))).toEqual([]);
  });

  it('a route that declares nothing is found by this very walk', () => {
    const undeclared = routesOf(ProbeController).filter(({ access }) => access === undefined);
    expect(undeclared.map(({ name }) => name)).toEqual(['GET probe/undeclared']);
  });
});
