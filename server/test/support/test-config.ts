import { AppConfig, type ConfigValues } from '../../src/config/app-config.js';
import { readEnvironment } from '../../src/config/read-environment.js';

/** The default settings on a test's own data folder and database, silent, with changes where the test needs them. */
export function testConfig(
  dataDir: string,
  databaseUrl: string,
  changes: Partial<ConfigValues> = {},
): AppConfig {
  const values = readEnvironment(
    { DATA_DIR: dataDir, DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' },
    dataDir,
  );
  return new AppConfig({ ...values, secretKey: 'a-secret-key-that-only-the-tests-know', ...changes });
}
