import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'supertest';
import { parse } from 'yaml';
import { bearer, tokenOf } from '../auth/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startProfilesApp, type ProfilesApp } from './profiles-app.js';

describe('profiles api', () => {
  const EXAMPLE = readFileSync(join(import.meta.dirname, 'fixtures/release-check.yaml'), 'utf8');
  const named = (name: string, title = 'A'): string =>
    `apiVersion: orchestrator/v1\nname: ${name}\ntitle: ${title}\nphases:\n  - name: one\n    steps:\n      - id: a\n        command: "true"\n`;

  let database: TestDatabase;
  let profiles: ProfilesApp;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    profiles = await startProfilesApp(database);
    token = await tokenOf(profiles.http);
  });
  afterAll(async () => {
    await profiles.close();
    await database.drop();
  });

  const get = (path: string): Test => profiles.http.get(path).set(...bearer(token));
  const put = (name: string, text: string, type = 'application/yaml'): Test =>
    profiles.http
      .put(`/profiles/${name}`)
      .set(...bearer(token))
      .type(type)
      .send(text);
  const validate = (text: string, type = 'application/yaml'): Test =>
    profiles.http
      .post('/profiles/validate')
      .set(...bearer(token))
      .type(type)
      .send(text);

  describe('PUT /profiles/{name}', () => {
    it('publishes YAML with 201 and gives the same definition again with 200', async () => {
      const first = await put('release_check', EXAMPLE).expect(201);
      expect(first.body).toEqual({ name: 'release_check', version: 1 });
      expect(first.headers['location']).toBe('/profiles/release_check/versions/1');
      const again = await put('release_check', JSON.stringify(parse(EXAMPLE)), 'application/json').expect(
        200,
      );
      expect(again.body).toEqual({ name: 'release_check', version: 1 });
    });

    it.each(['application/yaml', 'application/x-yaml', 'text/yaml', 'text/yaml; charset=utf-8'])(
      'takes %s',
      async (type) => {
        await put('of_types', named('of_types', type.replaceAll(/\W/g, '')), type).expect(201);
      },
    );

    it('answers 400 with pointer and line for malformed YAML', async () => {
      const { body } = await put('broken', 'apiVersion: orchestrator/v1\nname: broken\nphases: [').expect(
        400,
      );
      expect(body).toMatchObject({ code: 'invalid_profile', status: 400 });
      expect(body).toMatchObject({
        errors: [{ pointer: '', message: expect.stringMatching(/^Line 3, column \d+: /) }],
      });
    });

    it('answers 400 naming the circle of needs', async () => {
      const text = named('broken').replace('command: "true"', 'command: "true"\n        needs: [a]');
      const { body } = await put('broken', text).expect(400);
      expect(body).toMatchObject({
        errors: [{ pointer: '/phases/0/steps/0/needs', message: expect.stringContaining('a → a') }],
      });
    });

    it('tells the lines of a JSON text as it was sent, also where it is malformed', async () => {
      const text = '{\n"apiVersion": "orchestrator/v1", "name": "broken",\n"title": "x", "title": "y"\n}';
      const { body } = await put('broken', text, 'application/json').expect(400);
      expect(body).toMatchObject({ errors: [{ message: expect.stringContaining('Line 3') }] });
      await put('broken', '{"name": ', 'application/json').expect(400);
    });

    it('answers 400 where the name in the text is another one', async () => {
      const { body } = await put('one_name', named('other_name')).expect(400);
      expect(body).toMatchObject({ errors: [{ pointer: '/name' }] });
    });

    it('answers 400 for an empty body, 413 for a large one and 415 for another type', async () => {
      await put('empty', '').expect(400);
      await put('large', `${named('large')}# ${'x'.repeat(600_000)}`).expect(413);
      await put('plain', named('plain'), 'text/plain').expect(415);
    });

    it('is for those who may publish: 401 without credentials, 403 for a member', async () => {
      await profiles.http.put('/profiles/mine').type('application/yaml').send(named('mine')).expect(401);
      await profiles.http
        .put('/profiles/mine')
        .set('X-User-Id', 'u-1')
        .set('X-User-Email', 'member@example.org')
        .type('application/yaml')
        .send(named('mine'))
        .expect(403);
    });
  });

  describe('POST /profiles/validate', () => {
    it('says that a valid profile is valid and publishes nothing', async () => {
      const { body } = await validate(named('only_checked')).expect(200);
      expect(body).toEqual({ valid: true, errors: [] });
      await get('/profiles/only_checked').expect(404);
    });

    it('gives line, column, path and a sentence for each error', async () => {
      const { body } = await validate(named('checked').replace('command: "true"', 'comand: x')).expect(200);
      expect(body).toMatchObject({ valid: false });
      expect((body as { errors: unknown[] }).errors).toContainEqual({
        line: 8,
        column: 9,
        path: '/phases/0/steps/0/comand',
        message: 'The property comand is not known here.',
      });
    });

    it('reads JSON, also malformed, as the body of the question', async () => {
      const { body } = await validate('{"name": ', 'application/json').expect(200);
      expect(body).toMatchObject({ valid: false, errors: [{ line: 1, path: '' }] });
    });
  });

  describe('GET /profiles', () => {
    it('lists the built-in profiles with phases, agents and deliverables', async () => {
      const { body } = await get('/profiles?limit=200').expect(200);
      const web = (body as { profiles: { name: string }[] }).profiles.find(({ name }) => name === 'web_app');
      expect(web).toMatchObject({
        version: 1,
        title: 'Web application',
        repository: 'optional',
        parameters: null,
      });
      expect(web).toMatchObject({
        phases: expect.arrayContaining([
          { name: 'qa', title: 'Quality assurance', optional: false, agent_ids: ['qa'] },
        ]),
        deliverables: expect.arrayContaining([
          {
            phase: 'planning',
            path: 'PRD.md',
            type: 'prd',
            required: true,
            description: 'What is to be built, for whom and why',
          },
        ]),
      });
    });

    it('pages, and answers 400 for a page out of range', async () => {
      const { body } = await get('/profiles?limit=2&offset=1').expect(200);
      expect(body).toMatchObject({ limit: 2, offset: 1 });
      expect((body as { profiles: unknown[] }).profiles).toHaveLength(2);
      for (const query of ['limit=0', 'limit=201', 'offset=-1', 'offset=10001', 'limit=x', 'colour=red']) {
        await get(`/profiles?${query}`).expect(400);
      }
    });
  });

  describe('GET /profiles/{name}', () => {
    it('gives the newest version with steps, gates, budget and its text', async () => {
      const { body } = await get('/profiles/release_check').expect(200);
      expect(body).toMatchObject({
        ...{ name: 'release_check', version: 1, format: 'yaml', source: EXAMPLE, origin: 'api' },
        budget: { max_cost_usd: '5', max_tokens: 400_000 },
      });
      expect(body).toMatchObject({
        phases: [
          { name: 'planning', gates: [{ gate_id: 'plan_complete', kind: 'artifact', severity: 'block' }] },
          {
            steps: [
              { id: 'unit', executor: 'command', timeout_seconds: 900, attempts: 3 },
              { id: 'scan', agent: 'security', executor: 'worker' },
              { id: 'signoff', needs: ['unit', 'scan'], executor: 'approval' },
            ],
            gates: [{ rule: 'tests.pass_rate is at least 1' }, { weight: 2 }, { kind: 'secrets' }],
          },
          { optional: true, when: "parameters.channel == 'stable'" },
        ],
      });
    });

    it('keeps each version readable, newest first in the list', async () => {
      await put('twice', named('twice', 'First')).expect(201);
      await put('twice', named('twice', 'Second')).expect(201);
      const { body } = await get('/profiles/twice/versions').expect(200);
      expect(body).toMatchObject({ total: 2, versions: [{ version: 2 }, { version: 1 }] });
      expect((await get('/profiles/twice/versions/1').expect(200)).body).toMatchObject({ title: 'First' });
      expect((await get('/profiles/twice').expect(200)).body).toMatchObject({ title: 'Second', version: 2 });
    });

    it.each([
      '/profiles/nobody',
      '/profiles/nobody/versions',
      '/profiles/twice/versions/99',
      '/profiles/twice/versions/0',
      '/profiles/twice/versions/x',
      '/profiles/twice/versions/99999999999999999999',
      '/profiles/a%00b',
      '/profiles/Pr%C3%BCfung',
    ])('answers 404 at %s', async (path) => {
      await get(path).expect(404);
    });

    it('needs credentials', async () => {
      await profiles.http.get('/profiles').expect(401);
      await profiles.http.get('/profiles/web_app').expect(401);
    });
  });

  describe('GET /schemas/profile.json', () => {
    it('gives the schema of profiles to everyone', async () => {
      const { body, headers } = await profiles.http.get('/schemas/profile.json').expect(200);
      expect(headers['content-type']).toContain('application/schema+json');
      expect(body).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    });
  });
});
