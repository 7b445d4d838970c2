import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { answering, isSignedWith, Receiver } from '../webhooks/receiver.js';
import { Person } from './cli-process.js';

describe('orchestrator webhooks', () => {
  const receiver = new Receiver();
  let api: TestApp;
  let member: Person;

  beforeAll(async () => {
    await receiver.start();
    api = await startTestApp({ config: { role: 'api', allowPrivateAddresses: true } });
    member = await Person.of(api.url, api.member);
  });

  afterAll(async () => {
    await member.leave();
    await api.stop();
    await receiver.stop();
  });

  it('makes one, tries it out, tells what was delivered, and deletes it', async () => {
    const events = ['--event', 'run.completed', '--event', 'run.failed'];
    const made = await member.run('webhooks', 'create', receiver.url('/hook'), ...events, '--name', 'chat');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const secret = /^Secret, not shown again: (whsec_\S+)$/m.exec(made.stdout)?.[1] ?? '';
    const listed = await member.run('webhooks', 'list');
    expect(listed.stdout).toMatch(/ chat +http:\S+ +on +run\.completed run\.failed/);
    expect(listed.stdout).not.toContain(secret);
    expect(await member.run('webhooks', 'test', 'chat')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^delivered: answered 200 \(\d+ ms\)\n$/u) as unknown,
    });
    expect(receiver.at('/hook').map((received) => isSignedWith(secret, received))).toEqual([true]);
    receiver.react('/hook', answering(503));
    expect((await member.run('webhooks', 'test', 'chat')).code).toBe(1);
    const { stdout } = await member.run('webhooks', 'deliveries', 'chat');
    expect(stdout).toMatch(/webhook\.test +failed +1 +The receiver answered 503\./);
    expect(await member.run('webhooks', 'delete', 'chat')).toMatchObject({ stdout: 'Removed chat.\n' });
    expect((await member.run('webhooks', 'test', 'chat')).stderr).toContain('There is no webhook chat.');
  });

  it('says which events there are where one is unknown', async () => {
    const wrong = await member.run('webhooks', 'create', 'https://example.org', '--event', 'run.imagined');
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toContain('run.completed');
  });
});
