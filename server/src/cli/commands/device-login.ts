import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from '../api/api-client.js';
import { ApiProblem, CliError } from '../api/cli-error.js';
import type { Cli } from '../cli.js';
import { plain } from '../output/printable.js';

/** What keys and waiting sign-ins of this machine are called. */
export const machineName = (): string => `orchestrator command on ${hostname()}`.slice(0, 200);

/**
 * Shows a code, and waits until somebody lets this machine sign in as them, however they sign in to the console.
 * @returns an access token
 * @throws CliError where it is refused or takes too long
 */
export async function byDevice(cli: Cli, server: string): Promise<string> {
  const api = new ApiClient(server, null);
  const begun = await api.call('startDeviceLogin', { body: { client_name: machineName() } });
  cli.out.remark(`Open ${plain(begun.verification_uri_complete)}`);
  cli.out.remark(
    `and allow the code ${plain(begun.user_code)}; it is good for ${String(begun.expires_in / 60)} minutes.`,
  );
  const until = Date.now() + begun.expires_in * 1000;
  let seconds = begun.interval;
  while (Date.now() < until) {
    const body = { device_code: begun.device_code };
    const answer = await api.call('redeemDeviceLogin', { body }).catch((error: unknown) => codeOf(error));
    if (typeof answer !== 'string') return answer.access_token;
    if (answer === 'slow_down') seconds += 5;
    await pause(seconds * 1000);
  }
  throw new CliError('Nobody allowed the sign-in in time: begin again.');
}

/** The reason to ask again. @throws everything else */
function codeOf(error: unknown): string {
  const again = ['authorization_pending', 'slow_down'];
  if (error instanceof ApiProblem && again.includes(error.problem.code)) return error.problem.code;
  throw error;
}
