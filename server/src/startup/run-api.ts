import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AuthBootstrap } from '../auth/auth-bootstrap.js';
import type { AppConfig } from '../config/app-config.js';
import { closeApiServer, createApiServer } from './api-server.js';

/** Where the build puts the console, beside the server. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../../web/browser', import.meta.url));

/** Starts API and console (and, by the role, the runner), and says where they are. @returns how to stop them */
export async function runApi(config: AppConfig): Promise<() => Promise<void>> {
  const app = await createApiServer(config, CONSOLE_FOLDER);
  try {
    await app.listen(config.port, config.host);
    await announce(app, config);
  } catch (error) {
    // What has started is stopped in order, although not all of it did start.
    await closeApiServer(app);
    throw error;
  }
  return () => closeApiServer(app);
}

async function announce(app: NestExpressApplication, config: AppConfig): Promise<void> {
  const address = config.publicUrl ?? `http://${urlHost(config.host)}:${String(config.port)}`;
  const signIn = await app.get(AuthBootstrap).describeSignIn();
  process.stdout.write(
    [
      '',
      `  The orchestrator is ready: ${address}/orchestrator/`,
      `  API: ${address}/docs`,
      `  ${signIn}`,
      '',
      '',
    ].join('\n'),
  );
}

/** Something to click on: a wildcard address is reached as localhost, an IPv6 address stands in brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
