import { Injectable } from '@nestjs/common';
import { PgListener } from './pg-listener.js';
import { LOGS_CHANNEL } from '../logs/log-chunks.repository.js';
import { EVENTS_CHANNEL } from '../runs/run-change-writer.js';

type Wake = () => void;
type Topic = string;

const eventsOf = (runId: string): Topic => `events ${runId}`;
const logsOf = (runId: string): Topic => `logs ${runId}`;
const EVERY_RUN = eventsOf('all');

/**
 * Wakes whoever waits for news of runs. A signal carries no news itself: the one who is woken reads. It may come
 * without any news, and in the worst case it is lost; whoever waits therefore also looks now and then.
 */
@Injectable()
export class RunSignals {
  private readonly subscribers = new Map<Topic, Set<Wake>>();

  constructor(listener: PgListener) {
    listener.onNotification((channel, payload) => this.receive(channel, payload));
    listener.onRestored(() => this.wakeAll());
  }

  /** Calls `wake` with each new event of the run. @returns ends the subscription */
  subscribe(runId: string, wake: Wake): () => void {
    return this.add(eventsOf(runId), wake);
  }

  /** Calls `wake` with each new event of any run. @returns ends the subscription */
  subscribeToAll(wake: Wake): () => void {
    return this.add(EVERY_RUN, wake);
  }

  /** Calls `wake` with each new part of the run's logs. @returns ends the subscription */
  subscribeToLogs(runId: string, wake: Wake): () => void {
    return this.add(logsOf(runId), wake);
  }

  private add(topic: Topic, wake: Wake): () => void {
    const wakes = this.subscribers.get(topic) ?? new Set();
    this.subscribers.set(topic, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0 && this.subscribers.get(topic) === wakes) this.subscribers.delete(topic);
    };
  }

  private receive(channel: string, payload: string): void {
    const [runId = ''] = payload.split(':');
    if (channel === LOGS_CHANNEL) this.wake(logsOf(runId));
    if (channel !== EVENTS_CHANNEL) return;
    this.wake(eventsOf(runId));
    this.wake(EVERY_RUN);
  }

  /** After a gap nobody knows whom it concerned. */
  private wakeAll(): void {
    for (const topic of [...this.subscribers.keys()]) this.wake(topic);
  }

  private wake(topic: Topic): void {
    for (const wake of [...(this.subscribers.get(topic) ?? [])]) wake();
  }
}
