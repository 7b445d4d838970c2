import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Health checks and metrics of a worker process, which serves nothing else. */
export async function serveWorkerHealth(
  host: string,
  port: number,
  metrics: Metrics,
  readiness: Readiness,
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', metrics, readiness).then(({ status, type, body }) => {
      response.writeHead(status, { 'Content-Type': type }).end(body);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function answer(url: string, metrics: Metrics, readiness: Readiness): Promise<Answer> {
  switch (url) {
    case '/health/live':
      return health(200, 'ok');
    case '/health/ready':
      return readiness.check().then(
        () => health(200, 'ok'),
        () => health(503, 'database_unavailable'),
      );
    case '/metrics':
      return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
    default:
      return health(404, 'not_found');
  }
}

const health = (code: number, status: string): Answer => ({
  status: code,
  type: 'application/json',
  body: JSON.stringify({ status }),
});
