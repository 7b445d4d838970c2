import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { serveConsole } from './serve-console.js';

@Module({})
class EmptyModule {}

describe('the console', () => {
  let folder: string;
  let app: NestExpressApplication;
  const get = (path: string, accept: string) => request(app.getHttpServer()).get(path).set('Accept', accept);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'console-'));
    await mkdir(join(folder, 'browser'));
    await writeFile(join(folder, 'browser', 'index.html'), '<title>console</title>');
    await writeFile(join(folder, 'browser', 'main-CsQt2waP.js'), 'started = true');
    await writeFile(join(folder, 'browser', 'favicon.svg'), '<svg/>');
    await writeFile(join(folder, 'secret.txt'), 'outside');
    const module = await Test.createTestingModule({ imports: [EmptyModule] }).compile();
    app = module.createNestApplication<NestExpressApplication>({ logger: false });
    serveConsole(app, join(folder, 'browser'));
    await app.init();
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it.each(['/orchestrator', '/orchestrator/', '/orchestrator/runs/0199/phases?tab=log'])(
    'answers %s with its page, which is never kept without asking again',
    async (path) => {
      await get(path, 'text/html').expect(200, '<title>console</title>').expect('Cache-Control', 'no-cache');
    },
  );

  it('lets files with a hash in their name be kept for ever', async () => {
    await get('/orchestrator/main-CsQt2waP.js', '*/*')
      .expect(200, 'started = true')
      .expect('Cache-Control', /immutable/);
  });

  it('asks again for files without one', async () => {
    await get('/orchestrator/favicon.svg', '*/*').expect(200).expect('Cache-Control', 'no-cache');
  });

  it('answers a missing file with 404, not with its page', async () => {
    await get('/orchestrator/main-OLD12345.js', '*/*').expect(404);
  });

  it('is where a browser that opens / is sent, while a program gets the answer of the API', async () => {
    await get('/', 'text/html,application/xhtml+xml,*/*;q=0.8')
      .expect(302)
      .expect('Location', '/orchestrator/');
    await get('/', 'application/json').expect(404);
    await get('/', '*/*').expect(404);
  });

  it.each([
    '/orchestrator/../secret.txt',
    '/orchestrator/%2e%2e/secret.txt',
    '/orchestrator/..%2fsecret.txt',
  ])('never leaves its folder: %s', async (path) => {
    const answer = await get(path, '*/*');
    expect(answer.text).not.toContain('outside');
  });

  it('changes nothing in its routes for writing requests', async () => {
    await request(app.getHttpServer()).post('/orchestrator/').set('Accept', 'text/html').expect(404);
  });
});
