import { Redis } from 'ioredis';
import { RateCounts, type Consumption } from './rate-counts.js';

const PREFIX = 'orchestrator:rate:';
/** A minute's count is of no use when the next one is over. */
const KEEP_SECONDS = 120;
const ANSWER_MS = 1000;
const RECONNECT_MS = 2000;

/**
 * Counts in Redis, where `REDIS_URL` names one. While it is away nothing is queued and nobody waits: adding fails
 * at once, the limiter goes on within its process and reports later.
 */
export class RedisRateCounts extends RateCounts {
  private readonly redis: Redis;

  constructor(url: string) {
    super();
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWER_MS,
      connectTimeout: ANSWER_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    // Each failure reaches the caller of `add`, who logs the first; without a listener it would be printed as well.
    this.redis.on('error', () => undefined);
  }

  async add(consumed: readonly Consumption[]): Promise<Consumption[]> {
    if (this.redis.status === 'wait') await this.redis.connect();
    const batch = this.redis.multi();
    for (const { key, minute, used } of consumed) {
      const name = `${PREFIX}${String(minute)}:${key}`;
      batch.incrby(name, used).expire(name, KEEP_SECONDS);
    }
    const answers = await batch.exec();
    if (answers === null) throw new Error('Redis did not count');
    return consumed.map((each, index) => {
      const [error, used] = answers[index * 2] ?? [null, null];
      if (error !== null) throw error;
      return { ...each, used: Number(used) };
    });
  }

  /** Redis forgets by itself. */
  async deleteBefore(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await Promise.resolve();
  }
}
