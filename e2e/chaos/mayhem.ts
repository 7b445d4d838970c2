import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, LeaseTimes } from './cluster.ts';
import type { Place } from './processes.ts';
import { between, pick, type Random } from './random.ts';

/** Pauses between two disturbances, seconds. */
const PROCESSES = [5, 12] as const;
const DATABASE = [12, 20] as const;

export interface Disturbance {
  readonly kind: string;
  /** The process that was hit; null for PostgreSQL. */
  readonly pid: number | null;
  /** Milliseconds of the epoch. */
  readonly at: number;
}

/** Harms the cluster at random until it is ended. Two hands: one for the processes, one for PostgreSQL. */
export class Mayhem {
  readonly done: Disturbance[] = [];
  private readonly end = new AbortController();
  private readonly hands: Promise<unknown>;
  private readonly cluster: Cluster;
  private readonly times: LeaseTimes;

  constructor(cluster: Cluster, times: LeaseTimes, random: readonly [Random, Random]) {
    this.cluster = cluster;
    this.times = times;
    this.hands = Promise.all([
      this.hand(PROCESSES, random[0], (chance) => this.hitProcess(chance)),
      this.hand(DATABASE, random[1], (chance) => this.hitDatabase(chance)),
    ]);
  }

  /** Ends it after the disturbance that is under way, and has everything run again. */
  async heal(): Promise<void> {
    this.end.abort();
    await this.hands;
    for (const place of this.cluster.places) place.start();
    await this.cluster.untilReady();
  }

  private async hand(
    [low, high]: readonly [number, number],
    random: Random,
    hit: (random: Random) => Promise<void>,
  ): Promise<void> {
    while (!this.isOver()) {
      const ms = between(random, low, high) * 1000;
      await delay(ms, null, { signal: this.end.signal }).catch(() => undefined);
      if (!this.isOver()) await hit(random);
    }
  }

  private isOver(): boolean {
    return this.end.signal.aborted;
  }

  private async hitProcess(random: Random): Promise<void> {
    const place = pick(random, [...this.cluster.workers, ...this.cluster.workers, ...this.cluster.apis]);
    const how = pick(random, ['SIGKILL', 'SIGKILL', 'SIGSTOP', 'SIGTERM'] as const);
    const pause = between(random, 0.2, 3) * 1000;
    place.start();
    this.note(`${place.kind} ${how}`, place.pid);
    if (how === 'SIGSTOP') return this.freeze(place, (this.times.lease + between(random, 1, 4)) * 1000);
    await place.signal(how);
    await delay(pause);
    place.start();
  }

  private async freeze(place: Place, ms: number): Promise<void> {
    await place.signal('SIGSTOP');
    await delay(ms);
    await place.signal('SIGCONT');
  }

  private async hitDatabase(random: Random): Promise<void> {
    const how = pick(random, ['SIGKILL', 'SIGINT', 'listeners'] as const);
    const pause = between(random, 0.2, 3) * 1000;
    this.note(`postgres ${how}`, null);
    if (how === 'listeners') return this.cluster.endListeners();
    await this.cluster.stopPostgres(how);
    await delay(pause);
    await this.cluster.startPostgres();
  }

  private note(kind: string, pid: number | null): void {
    this.done.push({ kind, pid, at: Date.now() });
  }
}
