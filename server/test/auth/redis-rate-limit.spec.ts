import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { RateLimiter } from '../../src/auth/rate-limiter.js';
import { RedisRateCounts } from '../../src/auth/redis-rate-counts.js';
import { eventually } from '../support/until.js';

const POLICY = { name: 'token', perMinute: 10, burst: null } as const;
const MINUTE = Date.now();
const installed = spawnSync('redis-server', ['--version']).status === 0;
if (!installed) process.stderr.write('redis-server is not installed: counts in Redis are not tested.\n');

(installed ? describe : describe.skip)('request counts in Redis', () => {
  let port: number;
  let redis: ChildProcess;
  const limiters: RateLimiter[] = [];

  const start = async (): Promise<void> => {
    const memoryOnly = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--port', String(port)];
    redis = spawn('redis-server', memoryOnly, { stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    redis.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await until(() => printed.includes('Ready to accept connections'));
  };
  const stop = async (): Promise<void> => {
    redis.kill('SIGKILL');
    await once(redis, 'exit');
  };
  const limiter = (): RateLimiter => {
    const made = new RateLimiter(new RedisRateCounts(`redis://127.0.0.1:${String(port)}`));
    limiters.push(made);
    return made;
  };
  const take = (from: RateLimiter, user: string) => from.take(user, POLICY, MINUTE);

  const shared = async (key: string): Promise<number> => {
    const counts = new RedisRateCounts(`redis://127.0.0.1:${String(port)}`);
    const [total] = await counts.add([{ key, minute: Math.floor(MINUTE / 60_000), used: 0 }]);
    await counts.close();
    return total?.used ?? 0;
  };
  const used = (from: RateLimiter, user: string): number => take(from, user).state.usedInMinute;

  beforeAll(async () => {
    port = await freePort();
    await start();
  });
  afterAll(async () => {
    await Promise.all(limiters.map((made) => made.onApplicationShutdown()));
    await stop();
  });

  it('hold for all processes together', async () => {
    const [a, b] = [limiter(), limiter()];
    for (let n = 0; n < 6; n += 1) expect(take(a, 'u1').verdict.kind).toBe('allowed');
    await until(async () => (await shared('u1')) === 6);
    expect(take(b, 'u1').verdict.kind).toBe('allowed');
    await until(() => used(b, 'u1') > 7);
    let allowed = 0;
    while (take(b, 'u1').verdict.kind === 'allowed') allowed += 1;
    expect(allowed).toBeLessThanOrEqual(3);
    await until(async () => (await shared('u1')) === 10);
    expect(take(b, 'somebody else').verdict.kind).toBe('allowed');
  });

  it('go on in one process while Redis is away, and are shared again when it is back', async () => {
    const a = limiter();
    take(a, 'u2');
    await stop();
    await until(() => {
      take(a, `other ${String(Math.random())}`);
      return a.failing;
    });
    for (let n = 0; n < 9; n += 1) expect(take(a, 'u2').verdict.kind).toBe('allowed');
    expect(take(a, 'u2').verdict.kind).toBe('limited');
    await start();
    await until(() => !a.failing);
    const b = limiter();
    take(b, 'u2');
    await until(() => used(b, 'u2') > 9);
  });
});

const until = (fits: () => boolean | Promise<boolean>): Promise<boolean> =>
  eventually(async () => fits(), Boolean);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
