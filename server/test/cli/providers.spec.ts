import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Person } from './cli-process.js';

describe('orchestrator providers', () => {
  let api: TestApp;
  let models: ModelServer;
  let admin: Person;

  beforeAll(async () => {
    models = await startModelServer();
    api = await startTestApp();
    admin = await Person.of(api.url, api.admin);
  });

  afterAll(async () => {
    await admin.leave();
    await api.stop();
    await models.stop();
  });

  it('adds one with a key from standard input, calls it, and removes it', async () => {
    const options = ['--kind', 'anthropic', '--base-url', models.url, '--model', 'claude-x', '--everyone'];
    const added = await admin.start(['providers', 'add', 'house', ...options], 'sk-piped\n').ended;
    expect(added).toMatchObject({ code: 0, stdout: 'Added house.\n' });
    expect((await admin.run('providers', 'list')).stdout).toMatch(
      /^house +anthropic +everyone +claude-x +set +on$/m,
    );
    models.script(
      { kind: 'message', text: 'ready', usage: { input: 5, output: 1 } },
      { kind: 'error', status: 401 },
    );
    expect(await admin.run('providers', 'test', 'house')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('claude-x: The model answered.'),
    });
    expect(models.requests[0]?.headers['x-api-key']).toBe('sk-piped');
    expect(await admin.run('providers', 'test', 'house')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('401'),
    });
    expect(await admin.run('providers', 'remove', 'house')).toMatchObject({ code: 0, stderr: '' });
    expect((await admin.run('providers', 'test', 'house')).stderr).toContain(
      'There is no model provider house',
    );
  });
});
