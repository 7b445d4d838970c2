import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { buildApiDocument } from '../../src/api-document.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startApp, type TestApp } from './test-app.js';

describe('api document', () => {
  let database: TestDatabase;
  let server: TestApp;
  let document: OpenAPIObject;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
    document = buildApiDocument(server.app);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });

  const METHODS = ['get', 'post', 'patch', 'delete'] as const;
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined || path.startsWith('/probe') ? [] : [{ path, method, operation }];
      }),
    );

  it('describes every operation on accounts with an id, a tag, a summary and its refusals', () => {
    expect(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual([
      ...['beginTotp', 'changePassword', 'confirmTotp', 'createApiKey', 'createServiceAccount'],
      ...['createServiceAccountKey', 'createUser', 'decideDeviceLogin', 'endOidcLogin', 'finishOidcLogin'],
      ...['getAuthStatus', 'getDeviceLogin', 'getMe', 'getOidcProvider', 'getTotp'],
      ...['listApiKeys', 'listServiceAccountKeys', 'listSessions', 'listUsers', 'login'],
      ...['loginTotp', 'logout', 'makeResetLink', 'receiveBackchannelLogout', 'redeemDeviceLogin', 'refresh'],
      ...['removeTotp', 'removeTotpOfUser', 'renewRecoveryCodes', 'resetPassword', 'revokeApiKey'],
      ...['revokeServiceAccountKey', 'revokeSession', 'setUp', 'startDeviceLogin', 'startOidcLogin'],
      ...['updateUser'],
    ]);
    for (const { operation } of operations()) {
      expect(operation.summary).toBeTruthy();
      expect(operation.tags).toHaveLength(1);
      if (operation.security === undefined) continue;
      expect(operation.security.flatMap((entry) => Object.keys(entry)).sort()).toEqual([
        'api_key',
        'bearer',
        'cookie',
      ]);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '429']));
    }
  });

  it('answers every refusal as application/problem+json', () => {
    const refusals = operations().flatMap(({ operation }) =>
      Object.entries(operation.responses).filter(([status]) => Number(status) >= 400),
    );
    expect(refusals.length).toBeGreaterThan(40);
    for (const [, answer] of refusals) {
      const { content } = answer as { content: Record<string, unknown> };
      expect(content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } },
      });
    }
  });

  it('offers an Idempotency-Key on every POST of a known user, and nowhere else', () => {
    const offering = operations().filter(({ operation }) =>
      (operation.parameters ?? []).some(
        (parameter) => 'name' in parameter && parameter.name === 'Idempotency-Key',
      ),
    );
    expect(offering.map(({ operation }) => operation.operationId).sort()).toEqual([
      ...['beginTotp', 'changePassword', 'confirmTotp', 'createApiKey', 'createServiceAccount'],
      ...['createServiceAccountKey', 'createUser', 'decideDeviceLogin', 'makeResetLink', 'removeTotp'],
      'renewRecoveryCodes',
    ]);
    for (const { operation } of offering) expect(operation.responses).toHaveProperty('422');
  });

  it('gives every field of every body and answer a description and an example', () => {
    const own =
      /^(Login|Setup|ChangePassword|Token|AuthStatus|Me|Session|User|CreateUser|UpdateUser|ApiKey|CreateApiKey|CreatedApiKey)Dto$/;
    const schemas = Object.entries(document.components?.schemas ?? {}).filter(([name]) => own.test(name));
    expect(schemas.length).toBe(13);
    for (const [name, schema] of schemas) {
      const { properties = {} } = schema as {
        properties?: Record<string, { description?: string; example?: unknown }>;
      };
      for (const [field, { description, example }] of Object.entries(properties)) {
        expect([name, field, typeof description, example === undefined]).toEqual([
          name,
          field,
          'string',
          false,
        ]);
      }
    }
  });
});
