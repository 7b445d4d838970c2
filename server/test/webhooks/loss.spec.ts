import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START_PATIENCE_MS, startCluster, type Cluster } from '../recovery/cluster.js';
import { commands, createRun, publish } from '../runs/run-steps.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { isSignedWith, neverAnswering, Receiver } from './receiver.js';
import { createWebhook, deliveriesOf } from './webhook-steps.js';

describe('loss', () => {
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
    // What has to be tried again holds up nothing: it may come before or after the other.
    const created = received.filter(({ message }) => message.type === 'run.created');
    expect([created.length, received.length]).toEqual([2, 3]);
    expect(received.every((one) => isSignedWith(secret, one))).toBe(true);
    expect(created[0]?.headers['webhook-id']).toBe(created[1]?.headers['webhook-id']);
    await eventually(
      () => deliveriesOf(cluster.admin, id),
      (deliveries) => deliveries.length === 2 && deliveries.every(({ status }) => status === 'delivered'),
    );
  }, 120_000);
});
