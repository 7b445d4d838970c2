import type { Command } from 'commander';
import { ApiClient } from '../api/api-client.js';
import { ApiProblem, CliError } from '../api/cli-error.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';
import { facts } from '../output/table.js';
import { readSignIn, removeSignIn, writeSignIn, type SignIn } from '../settings/config-file.js';
import { isExposed } from '../settings/server-url.js';
import { byDevice, machineName } from './device-login.js';
import { ask, askSecretly } from './prompt.js';

interface LoginOptions {
  readonly email?: string;
  readonly code?: string;
  readonly apiKey?: string;
  readonly device?: true;
  readonly expires?: string;
}

/** `login`, `logout` and `whoami`. */
export function addAccountCommands(program: Command, cli: Cli): void {
  program
    .command('login')
    .summary('sign in to a server and remember it')
    .description(
      'Signs in with e-mail and password, and keeps an API key made for this machine in a file that only you can ' +
        'read. The password is asked for, or read from standard input.',
    )
    .option('--email <address>', 'e-mail of the account')
    .option('--code <digits>', 'code of the authenticator, or a recovery code; asked for where one is needed')
    .option('--api-key <key>', 'keep this API key instead; "-" reads it from standard input')
    .option('--device', 'sign in with a browser, on this or another machine: shows a code to enter there')
    .option('--expires <time>', 'when the new key ends (ISO 8601); without it, when it is revoked')
    .action((options: LoginOptions) => login(cli, options));
  program
    .command('logout')
    .summary('forget the server, and revoke the key that login made')
    .action(() => logout(cli));
  program
    .command('whoami')
    .summary('who you are for the server, and what you may do')
    .action(() => whoami(cli));
}

async function login(cli: Cli, options: LoginOptions): Promise<void> {
  const server = await cli.server();
  if (isExposed(server)) cli.out.remark(`${server} is not encrypted: what you send can be read on the way.`);
  const signIn =
    options.apiKey === undefined
      ? await keepKey(server, await session(cli, server, options), options)
      : await byKey(server, options.apiKey);
  const me = await new ApiClient(server, signIn.credential).call('getMe', {});
  await writeSignIn(cli.environment.configFile, signIn);
  if (cli.json) cli.out.json({ server, user_id: me.user_id, email: me.email, role: me.role });
  else cli.out.line(`Signed in to ${server} as ${plain(me.name)} (${plain(me.email)}, ${me.role}).`);
}

async function byKey(server: string, given: string): Promise<SignIn> {
  const key = given === '-' ? await askSecretly('API key: ') : given;
  if (!/^[\x21-\x7e]+$/u.test(key))
    throw new CliError('The API key is empty or holds characters that no key has.');
  return { server, credential: key, apiKeyId: null };
}

/** The access token of a sign-in by browser or by password. */
function session(cli: Cli, server: string, options: LoginOptions): Promise<string> {
  return options.device === true ? byDevice(cli, server) : byPassword(server, options);
}

async function byPassword(server: string, options: LoginOptions): Promise<string> {
  const email = options.email ?? (await ask('E-mail: '));
  const password = await askSecretly('Password: ');
  const api = new ApiClient(server, null);
  const answer = await api.call('login', { body: { email, password } }).catch(async (error: unknown) => {
    const ticket = error instanceof ApiProblem ? error.problem.totp_ticket : undefined;
    if (ticket === undefined) throw error;
    const code = options.code ?? (await ask('Code of the authenticator, or a recovery code: '));
    return api.call('loginTotp', { body: { ticket, code } });
  });
  return answer.access_token;
}

/** A sign-in lasts minutes; what is kept is a key that can be seen and revoked by itself. */
async function keepKey(server: string, token: string, options: LoginOptions): Promise<SignIn> {
  const session = new ApiClient(server, token);
  const body = { name: machineName(), ...given({ expires_at: options.expires }) };
  const made = await session.call('createApiKey', { body });
  await session.open('logout', {});
  return { server, credential: made.key, apiKeyId: made.api_key_id };
}

async function logout(cli: Cli): Promise<void> {
  const file = cli.environment.configFile;
  const signIn = await readSignIn(file);
  if (signIn === null) {
    cli.out.remark('Nobody is signed in.');
    return;
  }
  // Forgotten in any case: a server that is gone must not keep the key here.
  await removeSignIn(file);
  if (signIn.apiKeyId !== null) {
    const path = { api_key_id: signIn.apiKeyId };
    await new ApiClient(signIn.server, signIn.credential).open('revokeApiKey', { path });
  }
  cli.out.line(`Signed out of ${signIn.server}.`);
}

async function whoami(cli: Cli): Promise<void> {
  const api = await cli.connect();
  const me = await api.call('getMe', {});
  if (cli.json) {
    cli.out.json({ server: api.url, ...me });
    return;
  }
  cli.out.line(
    facts(cli.out, [
      ['server', api.url],
      ['name', plain(me.name)],
      ['e-mail', plain(me.email)],
      ['role', me.role],
      ['known by', me.via.replaceAll('_', ' ')],
      ['may', me.permissions.join(', ')],
    ]),
  );
}
