import type { EnvironmentReader } from './environment-reader.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** How webhooks are delivered. Times in milliseconds. */
export interface WebhookSettings {
  /** Of one delivery, the first one included. */
  readonly tries: number;
  /** For a receiver to answer. */
  readonly timeoutMs: number;
  /** Before the second try; each further wait is three times as long, up to six hours. */
  readonly retryMs: number;
  /** A webhook to which nothing could be delivered for so long is turned off. */
  readonly offAfterMs: number;
  /** So many days ended deliveries stay readable. */
  readonly keepDays: number;
}

export const readWebhooks = (reader: EnvironmentReader): WebhookSettings => ({
  tries: reader.integer('WEBHOOK_TRIES', 10, 1, 50),
  timeoutMs: reader.integer('WEBHOOK_TIMEOUT_SECONDS', 10, 1, 60) * SECOND,
  retryMs: reader.integer('WEBHOOK_RETRY_SECONDS', 10, 1, 3600) * SECOND,
  offAfterMs: reader.integer('WEBHOOK_OFF_AFTER_HOURS', 72, 1, 8760) * HOUR,
  keepDays: reader.integer('WEBHOOK_KEEP_DAYS', 30, 1, 3650),
});
