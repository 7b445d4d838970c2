import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { serveApiDocument } from '../api-document.js';
import { AppModule } from '../app.module.js';
import type { AppConfig } from '../config/app-config.js';
import { auditRequests } from '../audit/audit-requests.js';
import { configureApp } from '../configure-app.js';
import { ApplicationLogger } from '../observability/application-logger.js';
import { Metrics } from '../observability/metrics.js';
import { serveConsole } from '../serve-console.js';

/** Answers that are on their way when the server stops get this long to end; event streams do not end by themselves. */
const ANSWER_GRACE_MS = 3000;

/**
 * Unused connections are kept longer than proxies commonly keep theirs (60 s), so that none sends a request into one that
 * is being closed; and a refused upload may pause that long while the rest of it is read and dropped.
 */
const KEEP_ALIVE_MS = 65_000;

/** The whole application behind HTTP, not yet listening. */
export async function createApiServer(
  config: AppConfig,
  consoleFolder: string,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(ApplicationLogger));
  const metrics = app.get(Metrics);
  app.use(metrics.observe.bind(metrics));
  auditRequests(app);
  configureApp(app, config);
  serveConsole(app, consoleFolder);
  serveApiDocument(app);
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  return app;
}

/** Accepts no more requests, lets those that run end, and stops every part of the application. */
export async function closeApiServer(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer();
  const impatience = setTimeout(() => {
    server.closeAllConnections();
  }, ANSWER_GRACE_MS);
  server.close();
  await app.close().finally(() => {
    clearTimeout(impatience);
  });
}
