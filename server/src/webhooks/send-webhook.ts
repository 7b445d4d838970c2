import type { IncomingMessage } from 'node:http';
import { systemErrorCode } from '../artifacts/system-error.js';
import { tidy } from '../audit/domain/tidy.js';
import { openGuarded, RefusedCall, type GuardRules } from '../outbound/guarded-request.js';
import { retryAfter } from '../outbound/retry-after.js';

/** Of an answer that is kept, bytes. */
const KEPT_BYTES = 1024;

export interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Ends the call before its time limit. */
  readonly signal: AbortSignal;
}

export interface WebhookAnswer {
  /** null: there was no answer. */
  readonly status: number | null;
  /** The first bytes of the answer, without what steers a terminal; null where there was none. */
  readonly text: string | null;
  readonly durationMs: number;
  /** How long the receiver asks to be left alone (`Retry-After`), milliseconds; null: it asks for nothing. */
  readonly retryAfterMs: number | null;
  /** A sentence for a person; null where it was delivered. */
  readonly error: string | null;
}

/** Makes the one call of a try. Redirects are not followed. */
export async function sendWebhook(call: WebhookCall, rules: GuardRules): Promise<WebhookAnswer> {
  const started = performance.now();
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const took = (): number => Math.round(performance.now() - started);
  try {
    const answer = await openGuarded(
      {
        url: new URL(call.url),
        method: 'POST',
        headers: call.headers,
        body: call.body,
        signal: AbortSignal.any([call.signal, timeout]),
      },
      rules,
    );
    const status = answer.statusCode ?? 0;
    const text = printable((await firstBytes(answer)).toString('utf8'));
    const retryAfterMs = retryAfter(answer.headers['retry-after']);
    return { status, text, durationMs: took(), retryAfterMs, error: refusal(status) };
  } catch (error) {
    const reason = timeout.aborted
      ? `There was no answer within ${String(call.timeoutMs / 1000)} seconds.`
      : failureOf(error);
    return { status: null, text: null, durationMs: took(), retryAfterMs: null, error: reason };
  }
}

/** What follows the head does not decide anything: an answer that breaks off there is one. */
async function firstBytes(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop destroys the answer and its connection.
      if (size >= KEPT_BYTES) break;
    }
  } catch {
    // The receiver, or the time limit, ended it.
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES);
}

const printable = (text: string): string => text.split(/\r?\n/u).map(tidy).join('\n');

function refusal(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  const more = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return `The receiver answered ${String(status)}${more}.`;
}

function failureOf(error: unknown): string {
  if (error instanceof RefusedCall) return `${error.message}.`;
  return `The receiver cannot be reached: ${systemErrorCode(error) ?? 'the connection broke'}.`;
}
