import { lookup as resolveName } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

export interface GuardedCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: Buffer;
}

export interface GuardRules {
  readonly allowPrivate: boolean;
  /** The system's resolver, unless another is to be asked. */
  readonly resolve?: Resolve;
}

/** Every address of a name, as `dns.lookup` gives them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A call that is not made, or an answer that is not taken: no retry changes that. */
export class RefusedCall extends Error {
  constructor(
    readonly code: 'address_not_allowed' | 'response_too_large' | 'invalid_request',
    message: string,
  ) {
    super(message);
    this.name = 'RefusedCall';
  }
}

/**
 * Makes one HTTP call to a public address: the name is resolved once, every address it has is judged, and the
 * connection goes to exactly what was judged. Redirects are answers like any other here.
 * @throws RefusedCall; otherwise what the connection threw
 */
export async function guardedRequest(
  call: GuardedCall,
  /** `maxBytes` is of the answer. */
  rules: GuardRules & { readonly maxBytes: number },
): Promise<GuardedAnswer> {
  const answer = await openGuarded(call, rules);
  return {
    status: answer.statusCode ?? 0,
    contentType: answer.headers['content-type'] ?? '',
    location: answer.headers.location ?? null,
    body: await readBody(answer, rules.maxBytes),
  };
}

/** The same call up to the head of its answer, whose body the caller reads. @throws RefusedCall; else as the connection */
export async function openGuarded(call: GuardedCall, rules: GuardRules): Promise<IncomingMessage> {
  const { url } = call;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notAllowed(url);
  // A connection to a literal address asks for no name.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (!rules.allowPrivate && isIP(literal) !== 0 && !isPublicAddress(literal)) throw notAllowed(url);
  return send(call, rules);
}

function send(call: GuardedCall, rules: GuardRules): Promise<IncomingMessage> {
  const { url, method, body, signal } = call;
  const headers: Record<string, string> = {
    'user-agent': 'orchestrator',
    'accept-encoding': 'identity',
    ...call.headers,
  };
  if (body !== null) headers['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    try {
      const request = start(url, {
        method,
        headers,
        signal,
        agent: false,
        lookup: guardedLookup(url, rules),
      });
      request.once('error', reject);
      request.once('response', resolve);
      request.end(body ?? undefined);
    } catch (error) {
      // Names and values that no header or request line can have.
      reject(
        new RefusedCall(
          'invalid_request',
          `The request cannot be sent: ${(error as NodeJS.ErrnoException).code ?? 'invalid'}`,
        ),
      );
    }
  });
}

function guardedLookup(url: URL, { allowPrivate, resolve = resolveName }: GuardRules): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
      } else if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(notAllowed(url), '', 0);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        const [first = { address: '', family: 0 }] = addresses;
        callback(null, first.address, first.family);
      }
    });
  };
}

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the answer and its connection.
    if (size > maxBytes)
      throw new RefusedCall('response_too_large', `The answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const notAllowed = (url: URL): RefusedCall =>
  new RefusedCall(
    'address_not_allowed',
    `${url.host} may not be called: only public http and https addresses are`,
  );
