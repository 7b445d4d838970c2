import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../problems/startup-error.js';

const run = promisify(execFile);
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
const NAMESPACE_ARGUMENTS = ['--user', '--map-user=1000', '--map-group=1000', '--'];

/** PostgreSQL refuses to run as root; this is the account that it runs under instead. */
export type PostgresAccount =
  | { readonly kind: 'self' }
  | { readonly kind: 'user_namespace' }
  | { readonly kind: 'system_user'; readonly uid: number; readonly gid: number };

/**
 * Chooses the account for a cluster's folder: ourselves where we are not root; else the owner of an existing
 * cluster, a user namespace (nothing changes owner), or a system user.
 */
export async function choosePostgresAccount(clusterFolder: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const owner = await stat(clusterFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { kind: 'system_user', uid: owner.uid, gid: owner.gid };
  if (await userNamespacesWork()) return { kind: 'user_namespace' };
  return findSystemUser(await readFile('/etc/passwd', 'utf8').catch(() => ''));
}

/** @throws StartupError where the password file knows neither `postgres` nor `nobody`. */
export function findSystemUser(passwd: string): PostgresAccount {
  for (const name of ['postgres', 'nobody']) {
    const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) {
      return { kind: 'system_user', uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new StartupError(
    'PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as. ' +
      'Start the orchestrator as another user, or set DATABASE_URL.',
  );
}

async function userNamespacesWork(): Promise<boolean> {
  // A refusal is an expected answer: containers often forbid user namespaces.
  return run('unshare', [...NAMESPACE_ARGUMENTS, 'true'], { env: ENVIRONMENT }).then(
    () => true,
    () => false,
  );
}

/** Gives a file or a folder with all that is in it to the account, where the account is another user. */
export async function giveTo(account: PostgresAccount, path: string): Promise<void> {
  if (account.kind !== 'system_user') return;
  await chown(path, account.uid, account.gid);
  if (!(await stat(path)).isDirectory()) return;
  for (const entry of await readdir(path)) await giveTo(account, join(path, entry));
}

/** Lets another user's PostgreSQL pass through the data folder to its own; what else lies there stays closed. */
export async function letThrough(account: PostgresAccount, dataDir: string): Promise<void> {
  if (account.kind !== 'system_user') return;
  await chown(dataDir, process.getuid?.() ?? 0, account.gid);
  await chmod(dataDir, 0o710);
}

/**
 * Starts a program under the account, as the leader of its own process group and session, so that the
 * terminal's Ctrl-C does not reach it before the orchestrator has ended its own work.
 * @param output file descriptor that takes stdout and stderr
 */
export function spawnAs(
  account: PostgresAccount,
  program: string,
  args: readonly string[],
  output: number,
): ChildProcess {
  const [command, argv] =
    account.kind === 'user_namespace'
      ? ['unshare', [...NAMESPACE_ARGUMENTS, program, ...args]]
      : [program, [...args]];
  return spawn(command, argv, {
    detached: true,
    stdio: ['ignore', output, output],
    env: ENVIRONMENT,
    cwd: '/',
    ...(account.kind === 'system_user' ? { uid: account.uid, gid: account.gid } : {}),
  });
}
