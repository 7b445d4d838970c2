import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/until.js';

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly run_id: string;
    readonly sequence: number;
    readonly phase: string | null;
    readonly details: Readonly<Record<string, unknown>>;
    readonly run: { readonly run_id: string; readonly project_name: string; readonly status: string };
  };
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly message: Message;
}

/** Answers one request in some way; the first one that is not used up is taken. */
export type Reaction = (response: ServerResponse, received: Received) => void;

export const answering =
  (status: number, text = '', headers: Record<string, string> = {}): Reaction =>
  (response) =>
    response.writeHead(status, headers).end(text);
export const neverAnswering: Reaction = () => undefined;
export const resetting: Reaction = (response) => response.socket?.resetAndDestroy();

/** A receiver of webhooks on this machine. Each test has a path of its own. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly reactions = new Map<string, Reaction[]>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const path = request.url ?? '';
        const received = { path, headers: request.headers, text, message: JSON.parse(text) as Message };
        this.received.push(received);
        (this.reactions.get(path)?.shift() ?? answering(200, 'thanks'))(response, received);
      });
    });
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  url(path: string): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}${path}`;
  }

  /** How the next requests to the path are answered, in order; after them with 200. */
  react(path: string, ...reactions: readonly Reaction[]): void {
    this.reactions.set(path, [...reactions]);
  }

  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Waits for so many requests to the path. */
  until(path: string, count: number): Promise<Received[]> {
    return eventually(
      () => Promise.resolve(this.at(path)),
      (seen) => seen.length >= count,
    );
  }
}

/**
 * Whether a message is signed with the secret, by the words of the Standard Webhooks specification: HMAC-SHA256 of
 * `id.timestamp.body` under the bytes behind `whsec_`, in base64 behind `v1,`; any of several signatures will do.
 */
export function isSignedWith(secret: string, { headers, text }: Received): boolean {
  const [id, at] = [headers['webhook-id'], headers['webhook-timestamp']];
  if (typeof id !== 'string' || typeof at !== 'string') return false;
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const [version, value = ''] = signature.split(',');
      const given = Buffer.from(value, 'base64');
      return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}
