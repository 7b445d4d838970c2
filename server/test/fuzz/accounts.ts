import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { type ApiClient, signIn } from '../support/api-client.js';
import { emailOf, PASSWORD, type TestApp } from '../support/test-app.js';
import type { Bundle } from './bundles.js';

/** Creates something, and gives its id under the name that the answer has it by. */
export async function idOf(client: ApiClient, path: string, body: object): Promise<Record<string, string>> {
  const answer = await client.post<Record<string, string>>(path, body);
  expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
  const key = String(Object.keys(answer.body).find((name) => name.endsWith('_id')));
  return { [key]: String(answer.body[key]) };
}

/** No code counts twice: the next one is accepted already. */
const codeOf = (secret: string, timestamp = Date.now()): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
const nextCodeOf = (secret: string): string => codeOf(secret, Date.now() + 30_000);

/** People, their sign-ins and keys: each for itself, so that what ends one ends nothing that others use. */
export function accountMakers(api: TestApp): Readonly<Record<string, () => Promise<Bundle>>> {
  const { admin, nobody, url } = api;
  const person = async (): Promise<{ email: string; user_id: string; client: ApiClient }> => {
    const email = emailOf(`fuzzed-${randomUUID()}`);
    const { user_id: id } = await idOf(admin, '/users', {
      ...{ email, name: 'Fuzzed', role: 'viewer', password: PASSWORD },
    });
    return { email, user_id: String(id), client: await signIn(url, email, PASSWORD) };
  };
  const known = { current_password: PASSWORD, new_password: `${PASSWORD} and more` };
  const enrolling = async () => {
    const someone = await person();
    const begun = await someone.client.post<{ secret: string }>('/auth/totp', { current_password: PASSWORD });
    const { secret } = begun.body;
    return { ...someone, secret, code: codeOf(secret) };
  };
  const enrolled = async () => {
    const someone = await enrolling();
    await someone.client.post('/auth/totp/confirm', { code: someone.code });
    return someone;
  };
  const device = async () =>
    (
      await nobody.post<{ device_code: string; user_code: string }>('/auth/device', {
        client_name: 'fuzz',
      })
    ).body;
  return {
    password: async () => ({ values: { email: (await person()).email, password: PASSWORD } }),
    account: async () => {
      const { client } = await person();
      const { body } = await client.get<{ sessions: { session_id: string }[] }>('/auth/sessions');
      return { values: { ...known, session_id: body.sessions[0]?.session_id }, caller: client };
    },
    cookie: async () => {
      const { email } = await person();
      const answer = await nobody.raw('/auth/login', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      const cookies = answer.headers.getSetCookie().map((cookie) => cookie.replace(/;.*/u, ''));
      return { values: { Cookie: cookies.join('; ') }, caller: nobody };
    },
    reset: async () => {
      const { user_id: id } = await person();
      const { body } = await admin.post<{ reset_url: string }>(`/users/${id}/reset-link`);
      return { values: { ...known, token: body.reset_url.split('#')[1] } };
    },
    ticket: async () => {
      const { email, secret } = await enrolled();
      const { body } = await nobody.post<{ totp_ticket: string }>('/auth/login', {
        email,
        password: PASSWORD,
      });
      return { values: { ticket: body.totp_ticket, code: nextCodeOf(secret) } };
    },
    enrolling: async () => {
      const { code, client } = await enrolling();
      return { values: { code }, caller: client };
    },
    enrolled: async () => {
      const { client } = await enrolled();
      return { values: known, caller: client };
    },
    guarded: async () => ({ values: { user_id: (await enrolled()).user_id } }),
    device: async () => ({ values: { ...(await device()) } }),
    'allowed-device': async () => {
      const { device_code: code, user_code: shown } = await device();
      await admin.post(`/auth/device/codes/${shown}`, { approve: true });
      return { values: { device_code: code } };
    },
    user: async () => ({ values: { user_id: (await person()).user_id } }),
    'api-key': async () => ({ values: await idOf(admin, '/api-keys', { name: 'fuzzed' }) }),
    'service-account': async () => {
      const handle = `fuzzed-${randomUUID().slice(0, 8)}`;
      const made = await idOf(admin, '/service-accounts', { handle, name: 'Fuzzed', role: 'viewer' });
      const key = await idOf(admin, `/service-accounts/${String(made['user_id'])}/api-keys`, {
        name: 'fuzzed',
      });
      return { values: { ...made, ...key } };
    },
  };
}
