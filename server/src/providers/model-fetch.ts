import { Readable } from 'node:stream';
import { openGuarded, RefusedCall } from '../outbound/guarded-request.js';

export interface FetchRules {
  /** Lets calls go to private, loopback and link-local addresses. */
  readonly allowPrivate: boolean;
  /** Of one answer. */
  readonly maxBytes: number;
}

/**
 * A `fetch` for the libraries of model providers: it goes to what was judged to be a public address and nowhere else,
 * follows no redirect, and reads no more of an answer than it may. Bodies are texts or bytes.
 */
export function modelFetch(rules: FetchRules): typeof fetch {
  return async (input, init = {}) => {
    const answer = await openGuarded(
      {
        url: new URL(input instanceof Request ? input.url : input),
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: bodyText(init.body),
        signal: init.signal ?? new AbortController().signal,
      },
      { allowPrivate: rules.allowPrivate },
    );
    const status = answer.statusCode ?? 502;
    const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    );
    const empty = status === 204 || status === 205 || status === 304;
    const body = empty ? null : bounded(answer, rules.maxBytes);
    return new Response(body, { status, headers });
  };
}

function bodyText(body: RequestInit['body']): string | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  throw new RefusedCall('invalid_request', 'The body of a model call is a text');
}

function bounded(answer: Readable, maxBytes: number): ReadableStream<Uint8Array> {
  async function* limited(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Leaving the loop destroys the answer and its connection.
      if (size > maxBytes)
        throw new RefusedCall('response_too_large', `The answer is larger than ${String(maxBytes)} bytes`);
      yield new Uint8Array(chunk);
    }
  }
  return Readable.toWeb(Readable.from(limited(), { objectMode: true })) as ReadableStream<Uint8Array>;
}
