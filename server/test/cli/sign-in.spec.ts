import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { freePort } from '../startup/processes.js';
import { Secret, TOTP } from 'otpauth';
import { signIn } from '../support/api-client.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { type Ended, Person } from './cli-process.js';

interface Stored {
  readonly server: string;
  readonly credential: string;
  readonly api_key_id: string | null;
}

describe('orchestrator login', () => {
  let api: TestApp;
  let person: Person;

  beforeAll(async () => {
    api = await startTestApp();
  });
  beforeEach(async () => {
    person = await Person.on();
  });
  afterEach(() => person.leave());
  afterAll(() => api.stop());

  const login = (password = PASSWORD) =>
    person.start(['login', '--server', `${api.url}/`, '--email', emailOf('member')], `${password}\n`).ended;
  const stored = async (): Promise<Stored> => JSON.parse(await readFile(person.configFile, 'utf8')) as Stored;

  it('keeps server and an API key of its own in a file that only its user can read', async () => {
    expect(await login()).toMatchObject({ code: 0, stderr: '' });
    expect((await stat(person.configFile)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(person.configFile))).mode & 0o777).toBe(0o700);
    const { server, credential, api_key_id: id } = await stored();
    expect(server).toBe(api.url);
    expect(credential).toMatch(/^orc_/);
    expect(credential).not.toContain(PASSWORD);
    const { body } = await api.member.get<{ api_keys: { api_key_id: string; name: string }[] }>('/api-keys');
    expect(body.api_keys.find((key) => key.api_key_id === id)?.name).toMatch(/^orchestrator command on /);
  });

  it('lets the other commands know who one is', async () => {
    await login();
    expect(await person.json('whoami')).toMatchObject({
      server: api.url,
      email: emailOf('member'),
      role: 'member',
      via: 'api_key',
    });
  });

  /** Begins a sign-in by browser; answers the code that the command shows. */
  async function byDevice(): Promise<{ ended: Promise<Ended>; code: string }> {
    const { child, ended } = person.start(['login', '--device', '--server', api.url]);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const shown = () => Promise.resolve(/allow the code ([A-Z]{4}-[A-Z]{4})/.exec(said)?.[1]);
    const code = String(await eventually(shown, (seen) => seen !== undefined));
    expect(said).toContain(`${api.url}/orchestrator/device?code=${code}`);
    return { ended, code };
  }

  it('by browser waits until somebody allows it, and then acts as them', async () => {
    const { ended, code } = await byDevice();
    expect((await api.member.post(`/auth/device/codes/${code}`, { approve: true })).status).toBe(204);
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining(emailOf('member')) });
    expect((await stored()).credential).toMatch(/^orc_/);
    expect(await person.json('whoami')).toMatchObject({ email: emailOf('member'), via: 'api_key' });
  });

  it('by browser ends where it is refused, and keeps nothing', async () => {
    const { ended, code } = await byDevice();
    expect((await api.member.post(`/auth/device/codes/${code}`, { approve: false })).status).toBe(204);
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('refused') });
    await expect(stat(person.configFile)).rejects.toThrow('ENOENT');
  });

  describe('of somebody with a second factor', () => {
    const email = emailOf('guarded');
    let codes: string[];
    beforeAll(async () => {
      await api.admin.post('/users', { email, name: 'guarded', role: 'member', password: PASSWORD });
      const client = await signIn(api.url, email, PASSWORD);
      const { body } = await client.post<{ secret: string }>('/auth/totp', { current_password: PASSWORD });
      const code = new TOTP({ secret: Secret.fromBase32(body.secret) }).generate();
      const confirmed = await client.post<{ recovery_codes: string[] }>('/auth/totp/confirm', { code });
      codes = [...confirmed.body.recovery_codes];
    });
    const attempt = (typed: string, ...more: string[]): Promise<Ended> =>
      person.start(['login', '--server', api.url, '--email', email, ...more], typed).ended;

    it('takes the code from --code', async () => {
      expect(await attempt(`${PASSWORD}\n`, '--code', String(codes.pop()))).toMatchObject({
        code: 0,
        stderr: '',
      });
      expect(await person.json('whoami')).toMatchObject({ email, via: 'api_key' });
    });

    it('asks for the code, and keeps nothing where it is wrong', async () => {
      const wrong = await attempt(`${PASSWORD}\n000000\n`);
      expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/code is not right/) });
      await expect(stat(person.configFile)).rejects.toThrow('ENOENT');
      expect(await attempt(`${PASSWORD}\n${String(codes.pop())}\n`)).toMatchObject({ code: 0, stderr: '' });
      expect(await person.json('whoami')).toMatchObject({ email });
    });

    it('says that a code is needed where none is given', async () => {
      const { code, stderr } = await attempt(`${PASSWORD}\n`);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('Code of the authenticator'),
      });
    });
  });

  it('ends the session that it used, so that only the key is left', async () => {
    const sessions = async (): Promise<number> =>
      (await api.member.get<{ sessions: unknown[] }>('/auth/sessions')).body.sessions.length;
    const before = await sessions();
    await login();
    expect(await sessions()).toBe(before);
  });

  it('says what is wrong with a wrong password, and keeps nothing', async () => {
    const { code, stdout, stderr } = await login('not the password');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/password/i);
    await expect(stat(person.configFile)).rejects.toThrow('ENOENT');
  });

  it('keeps an API key that is read from standard input, once the server knows it', async () => {
    const { body } = await api.member.post<{ key: string }>('/api-keys', { name: 'mine' });
    const args = ['login', '--server', api.url, '--api-key', '-'];
    expect((await person.start(args, `${body.key}\n`).ended).code).toBe(0);
    expect(await stored()).toEqual({ server: api.url, credential: body.key, api_key_id: null });
    expect((await person.start(args, 'orc_wrong\n').ended).code).toBe(1);
    expect((await stored()).credential).toBe(body.key);
  });

  it('revokes its key with logout, and forgets it', async () => {
    await login();
    const { credential } = await stored();
    expect((await person.run('logout')).code).toBe(0);
    await expect(stat(person.configFile)).rejects.toThrow('ENOENT');
    const answer = await fetch(`${api.url}/auth/me`, { headers: { 'X-API-Key': credential } });
    expect(answer.status).toBe(401);
  });

  it('tells how to sign in where nobody is', async () => {
    const { code, stderr } = await person.run('list', '--server', api.url);
    expect(code).toBe(1);
    expect(stderr).toContain(`orchestrator login --server ${api.url}`);
    expect(stderr).toContain('ORCHESTRATOR_API_KEY');
  });

  it('tells how to sign in where the key is no longer good', async () => {
    const { code, stderr } = await person.start(['list', '--server', api.url], '', {
      ORCHESTRATOR_API_KEY: 'orc_revoked',
    }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/[Aa]uthentication/);
    expect(stderr).toContain('orchestrator login');
  });

  it('names the URL where no server answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await person.start(['list', '--server', url], '', { ORCHESTRATOR_API_KEY: 'x' })
      .ended;
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toContain(url);
    expect(stderr).toContain('ECONNREFUSED');
  });

  describe('beside another server', () => {
    let other: Server;
    let url: string;
    let seen: IncomingHttpHeaders[];

    beforeAll(async () => {
      seen = [];
      other = createServer((request, response) => {
        seen.push(request.headers);
        response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>nothing here</h1>');
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      other.close();
    });

    it('never sends the stored key there', async () => {
      await login();
      const { code, stderr } = await person.run('list', '--server', url);
      expect(code).toBe(1);
      expect(stderr).toContain('not signed in');
      expect(seen).toEqual([]);
    });

    it('says that it is no orchestrator', async () => {
      const { code, stderr } = await person.start(['list', '--server', url], '', {
        ORCHESTRATOR_API_KEY: 'x',
      }).ended;
      expect(code).toBe(1);
      expect(stderr).toContain('is not an orchestrator');
    });
  });

  it('refuses a URL that is none, and a config file that is broken', async () => {
    expect((await person.run('list', '--server', 'localhost:8000')).stderr).toContain(
      'is not the URL of a server',
    );
    await login();
    await writeFile(person.configFile, '{"server":');
    const { code, stderr } = await person.run('list');
    expect(code).toBe(1);
    expect(stderr).toContain('run `orchestrator login` again');
  });
});
