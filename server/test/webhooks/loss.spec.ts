import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { START_PATIENCE_MS, startCluster, type Cluster } from '../recovery/cluster.js';
import { commands, createRun, publish } from '../runs/run-steps.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { isSignedWith, neverAnswering, Receiver } from './receiver.js';
import { createWebhook, deliveryUntil } from './webhook-steps.js';

const receiver = new Receiver();
let database: TestDatabase;
let cluster: Cluster;

beforeAll(async () => {
  await receiver.start();
  database = await createTestDatabase();
  cluster = await startCluster(database.url, 1, 2, {
    ALLOW_PRIVATE_ADDRESSES: 'true',
    WEBHOOK_TIMEOUT_SECONDS: '2',
  });
  await publish(cluster.admin, 'quick', commands({ only: 'true' }));
}, START_PATIENCE_MS);

afterAll(async () => {
  await cluster.stop();
  await database.drop();
  await receiver.stop();
});

it('a process that is killed while it delivers, or before, loses no delivery', async () => {
  const { webhook_id: id, secret } = await createWebhook(cluster.admin, receiver.url('/hook'), {
    event_types: ['run.created', 'run.cancelled'],
  });
  receiver.react('/hook', neverAnswering);
  const runId = await createRun(cluster.admin, 'quick');
  await receiver.until('/hook', 1);
  const [worker] = cluster.workers;
  worker?.child.kill('SIGKILL');
  await worker?.exited;
  // Nobody is there to make a delivery of this.
  await cluster.admin.post(`/runs/${runId}/cancel`);
  await cluster.startWorker();
  const received = await receiver.until('/hook', 3);
  expect(received.map(({ message }) => message.type)).toEqual([
    'run.created',
    'run.created',
    'run.cancelled',
  ]);
  expect(received.every((one) => isSignedWith(secret, one))).toBe(true);
  expect(received[0]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);
  expect(await deliveryUntil(cluster.admin, id, 'delivered')).toMatchObject({ type: 'run.cancelled' });
}, 120_000);
