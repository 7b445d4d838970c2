import type { Response } from 'express';
import type { RecordedAnswer } from './domain/idempotency-key.js';

const KEPT_HEADERS = [
  'content-type',
  'location',
  'etag',
  'retry-after',
  'preference-applied',
  'cache-control',
  'content-disposition',
];

/**
 * Sees the answer however it is made (by the controller or by the problem filter) and holds its end back until
 * `keep` has stored it, so that whoever has the answer can also get it again.
 */
export function recordAnswer(response: Response, keep: (answer: RecordedAnswer) => Promise<void>): void {
  const chunks: Buffer[] = [];
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  const see = ([chunk, encoding]: unknown[]): void => {
    if (typeof chunk === 'string') {
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  response.write = ((...args: unknown[]) => {
    see(args);
    return write(...args);
  }) as Response['write'];
  response.end = ((...args: unknown[]) => {
    see(args);
    const answer = {
      status: response.statusCode,
      headers: keptHeaders(response),
      body: Buffer.concat(chunks),
    };
    void keep(answer).finally(() => end(...args));
    return response;
  }) as Response['end'];
}

function keptHeaders(response: Response): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
