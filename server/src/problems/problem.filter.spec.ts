import { Body, Controller, ForbiddenException, Get, Module, Post, Query, Res } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, Max, ValidateNested } from 'class-validator';
import type { Response } from 'express';
import request from 'supertest';
import { testConfig } from '../../test/support/test-config.js';
import { configureApp } from '../configure-app.js';
import { DomainError, notFound } from './domain-error.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestValidationPipe } from './validation.pipe.js';

class RepositoryDto {
  @IsString()
  ref!: string;
}

class CreateDto {
  @IsString()
  profile!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => RepositoryDto)
  repository?: RepositoryDto;

  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;
}

class ListDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Max(200)
  limit?: number;
}

class DatabaseError extends Error {
  readonly driverError = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), {
    code: 'ECONNREFUSED',
  });
}

@Controller('things')
class ThingsController {
  @Post()
  create(@Body() body: CreateDto): { profile: string; nested: boolean } {
    return { profile: body.profile, nested: body.repository instanceof RepositoryDto };
  }

  @Get()
  list(@Query() query: ListDto): { limit: unknown } {
    return { limit: query.limit ?? null };
  }

  @Get('missing')
  missing(): never {
    throw notFound('Run', 'r1');
  }

  @Get('blocked')
  blocked(): never {
    const extra = { gates: [{ gate_id: 'g' }], headers: { 'Retry-After': '7' } };
    throw new DomainError(409, 'governance_blocked', 'A gate blocks.', extra);
  }

  @Get('forbidden')
  forbidden(): never {
    throw new ForbiddenException('Only for others.');
  }

  @Get('bug')
  bug(): never {
    throw new Error('the password is hunter2 in /srv/secret');
  }

  @Get('unreachable')
  unreachable(): never {
    throw new DatabaseError();
  }

  @Get('half')
  half(@Res() response: Response): never {
    response.write('half of ');
    throw new Error('a bug after the first half');
  }
}

@Module({
  controllers: [ThingsController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
  ],
})
class ThingsModule {}

describe('an error answer', () => {
  let app: NestExpressApplication;
  const api = () => request(app.getHttpServer());

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [ThingsModule] }).compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
    configureApp(app, testConfig('/nowhere', 'postgres://nowhere/none'));
    await app.init();
  });

  afterAll(() => app.close());

  it('has all members of a problem, its media type and the path without the query', async () => {
    const answer = await api().get('/things/missing?token=secret').expect(404);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.text)).toEqual({
      type: '/problems/not_found',
      title: 'Not Found',
      status: 404,
      detail: 'Run not found: r1',
      instance: '/things/missing',
      code: 'not_found',
    });
  });

  it('carries gates and headers of the failure', async () => {
    const answer = await api().get('/things/blocked').expect(409).expect('Retry-After', '7');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'governance_blocked', gates: [{ gate_id: 'g' }] });
  });

  it('points at every wrong place of a body, however deep', async () => {
    const body = { repository: { ref: 5, path: 'x' }, 'a/b~c': 1 };
    const answer = await api().post('/things').send(body).expect(400);
    const { errors } = JSON.parse(answer.text) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer).sort()).toEqual([
      '/a~1b~0c',
      '/profile',
      '/repository/path',
      '/repository/ref',
    ]);
  });

  it('names a wrong query parameter behind a question mark', async () => {
    const answer = await api().get('/things?limit=201&extra=1').expect(400);
    const { errors } = JSON.parse(answer.text) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer).sort()).toEqual(['?extra', '?limit']);
  });

  it('is not given to a good request, whose DTOs are instances of their classes', async () => {
    const body = { profile: 'p', repository: { ref: 'main' }, metadata: { any: ['thing'] } };
    await api().post('/things').send(body).expect(201, { profile: 'p', nested: true });
    await api().get('/things?limit=200').expect(200, { limit: 200 });
  });

  it.each(['[]', '5', '"text"', 'null'])('refuses the body %s, which is JSON but no object', async (body) => {
    const answer = await api().post('/things').type('json').send(body).expect(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'invalid_request' });
  });

  it('tells a missing body what it lacks', async () => {
    const answer = await api().post('/things').expect(400);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ pointer: '/profile' }] });
  });

  it.each(['{"profile": "a\\u0000b"}', '{"profile": "p", "metadata": {"deep": ["\\ud800"]}}'])(
    'refuses text that no database stores: %s',
    async (body) => {
      const answer = await api().post('/things').type('json').send(body).expect(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        errors: [{ message: expect.stringContaining('cannot be stored') }],
      });
    },
  );

  it('is malformed_json for broken JSON', async () => {
    const answer = await api().post('/things').type('json').send('{"profile": ').expect(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'malformed_json', instance: '/things' });
  });

  it('is 413 for a body over the limit', async () => {
    const answer = await api()
      .post('/things')
      .send({ profile: 'x'.repeat(2 * 1024 * 1024) })
      .expect(413);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'too_large',
      detail: expect.stringContaining('2097152'),
    });
  });

  it('is 415 for a charset that is not known', async () => {
    await api()
      .post('/things')
      .set('Content-Type', 'application/json; charset=nonsense')
      .send('{}')
      .expect(415);
  });

  it('is 404 for an unknown route and 400 for a broken escape in the address', async () => {
    const unknown = await api().get('/nothing-here').expect(404);
    expect(JSON.parse(unknown.text)).toMatchObject({
      code: 'not_found',
      detail: 'There is nothing at GET /nothing-here.',
    });
    const broken = await api()
      .get('/things/%E0%A4%A')
      .expect((answer) => answer.status < 500);
    expect(broken.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('maps the exceptions of the framework', async () => {
    const answer = await api().get('/things/forbidden').expect(403);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'forbidden', detail: 'Only for others.' });
  });

  it('tells nothing about a bug but an error_id', async () => {
    const answer = await api().get('/things/bug').expect(500);
    expect(answer.text).not.toMatch(/hunter2|secret|at /);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'internal_error',
      error_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('is 503 while the database cannot be reached, without its address', async () => {
    const answer = await api().get('/things/unreachable').expect(503).expect('Retry-After', '5');
    expect(answer.text).not.toContain('10.1.2.3');
  });

  it('ends the connection where half of the answer is sent', async () => {
    await expect(api().get('/things/half')).rejects.toThrow(/aborted|socket hang up/);
  });

  it('comes with the security headers, as every answer does', async () => {
    const answer = await api().get('/things').expect(200);
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
    expect(answer.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });
});
