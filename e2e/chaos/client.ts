import { setTimeout as delay } from 'node:timers/promises';
import { EMAIL, PASSWORD } from './cluster.ts';
import { pick, type Random } from './random.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

const PATIENCE_MS = 6000;
/** Nothing that is done to the processes keeps all of them from answering for so long. */
const LONGEST_OUTAGE_MS = 120_000;

/** A caller who knows two API processes, uses either, and asks again whenever one of them does not answer. */
export class Caller {
  private token: string | null = null;
  private readonly urls: readonly string[];
  private readonly random: Random;

  constructor(urls: readonly string[], random: Random) {
    this.urls = urls;
    this.random = random;
  }

  /**
   * Asks until there is an answer that is the server's word: no connection, a time-out and 5xx are none.
   * With a key the request is executed once, however often it is sent.
   */
  async ask<T>(method: string, path: string, body?: object, key?: string): Promise<Answer<T>> {
    const deadline = performance.now() + LONGEST_OUTAGE_MS;
    for (;;) {
      const answer = await this.tell<T>(pick(this.random, this.urls), method, path, body, key);
      if (answer !== null && answer.status < 500 && !isTemporary(answer)) return answer;
      if (performance.now() > deadline) {
        const last = answer === null ? 'nothing' : `${answer.status} ${JSON.stringify(answer.body)}`;
        throw new Error(`${method} ${path} has no answer for two minutes; the last one was ${last}`);
      }
      await delay(200);
    }
  }

  /** Asks one process once. @returns null where there is no answer */
  async tell<T>(
    url: string,
    method: string,
    path: string,
    body?: object,
    key?: string,
  ): Promise<Answer<T> | null> {
    const token = await this.signIn();
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Prefer: 'respond-async' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const answer = await send<T>(`${url}${path}`, method, headers, body);
    if (answer?.status === 401) this.token = null;
    return answer;
  }

  /** Opens a stream at either process. @returns null where it is refused */
  async open(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response | null> {
    const token = await this.signIn();
    const response = await fetch(`${pick(this.random, this.urls)}${path}`, {
      headers: { ...headers, Authorization: `Bearer ${token}` },
      signal,
    });
    if (response.status === 401) this.token = null;
    return response.ok ? response : null;
  }

  private async signIn(): Promise<string> {
    while (this.token === null) {
      const asked = { email: EMAIL, password: PASSWORD };
      const headers = { 'Content-Type': 'application/json' };
      const url = `${pick(this.random, this.urls)}/auth/login`;
      const answer = await send<{ access_token: string }>(url, 'POST', headers, asked);
      if (answer?.status === 200) this.token = answer.body.access_token;
      else await delay(300);
    }
    return this.token;
  }
}

const isTemporary = ({ status, body }: Answer<unknown>): boolean =>
  status === 401 ||
  status === 429 ||
  (typeof body === 'object' && body !== null && 'code' in body && body.code === 'idempotency_in_progress');

async function send<T>(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Answer<T> | null> {
  try {
    const answer = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  } catch {
    // The process was killed, is stopped, or starts: that is what the harness is for.
    return null;
  }
}
