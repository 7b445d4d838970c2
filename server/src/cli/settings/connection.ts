import { ApiClient } from '../api/api-client.js';
import { CliError } from '../api/cli-error.js';
import type { ClientEnvironment } from '../../config/client-environment.js';
import { readSignIn } from './config-file.js';
import { DEFAULT_SERVER, serverUrl } from './server-url.js';

/** The server that a command speaks to: named, or signed in to, or the one on this machine. */
export async function chosenServer(
  environment: ClientEnvironment,
  option: string | undefined,
): Promise<string> {
  const named = option ?? environment.server;
  if (named !== null) return serverUrl(named);
  return (await readSignIn(environment.configFile))?.server ?? DEFAULT_SERVER;
}

/**
 * A client with the caller's credential. A stored credential is sent to its own server alone.
 * @throws CliError where nobody is signed in
 */
export async function connect(
  environment: ClientEnvironment,
  option: string | undefined,
): Promise<ApiClient> {
  const server = await chosenServer(environment, option);
  if (environment.apiKey !== null) return new ApiClient(server, environment.apiKey);
  const signIn = await readSignIn(environment.configFile);
  if (signIn === null || signIn.server !== server) {
    throw new CliError(
      `You are not signed in to ${server}: run \`orchestrator login --server ${server}\`, or set ORCHESTRATOR_API_KEY.`,
    );
  }
  return new ApiClient(server, signIn.credential);
}
