import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { AppConfig } from '../config/app-config.js';
import { ApplicationLogger } from '../observability/application-logger.js';
import { Metrics } from '../observability/metrics.js';
import { Readiness } from '../observability/readiness.js';
import { serveWorkerHealth } from '../observability/worker-health.js';

/** Starts the runner without HTTP, but for health checks where HEALTH_PORT is set. @returns how to stop it */
export async function runWorker(config: AppConfig): Promise<() => Promise<void>> {
  const context = await NestFactory.createApplicationContext(AppModule.of(config), {
    bufferLogs: true,
    abortOnError: false,
  });
  context.useLogger(context.get(ApplicationLogger));
  const health =
    config.healthPort === null
      ? null
      : await serveWorkerHealth(config.host, config.healthPort, context.get(Metrics), context.get(Readiness));
  process.stdout.write(`  Worker ${String(process.pid)} is ready.\n`);
  return async () => {
    health?.close();
    await context.close();
  };
}
