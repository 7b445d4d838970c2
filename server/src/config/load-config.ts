import { AppConfig } from './app-config.js';
import { readEnvironment } from './read-environment.js';
import { keptSecretKey } from './secret-key.js';

/**
 * The settings of this process: from its environment, with the secret key of the data folder where none is set.
 * @throws StartupError with a sentence for every wrong variable.
 */
export async function loadConfig(): Promise<AppConfig> {
  const values = readEnvironment(process.env, process.cwd());
  return new AppConfig({ ...values, secretKey: values.secretKey ?? (await keptSecretKey(values.dataDir)) });
}
