import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the `orchestrator` command reads from its environment. Empty values count as absent. */
export interface ClientEnvironment {
  /** URL of the server; wins over the signed-in one. */
  readonly server: string | null;
  /** API key or access token for that server; wins over the stored one. */
  readonly apiKey: string | null;
  /** Absolute path of the file that holds the sign-in. */
  readonly configFile: string;
  /** Everything else, for steps that a worker runs here: they are given what is passed on by name alone. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Reads the environment of the command line client. */
export function readClientEnvironment(): ClientEnvironment {
  const variables = { ...process.env };
  const folder = variables['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return {
    server: variables['ORCHESTRATOR_SERVER'] || null,
    apiKey: variables['ORCHESTRATOR_API_KEY'] || null,
    configFile: variables['ORCHESTRATOR_CONFIG'] || join(folder, 'orchestrator', 'config.json'),
    variables,
  };
}
