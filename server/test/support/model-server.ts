import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as anthropic from './models/anthropic-protocol.js';
import type { ScriptedAnswer } from './models/answers.js';
import * as openai from './models/openai-protocol.js';

export type { ScriptedAnswer, ScriptedTool, ScriptedUsage } from './models/answers.js';

export type Protocol = 'anthropic' | 'openai';

/** One request that the server received, as it came over the wire. */
export interface ModelRequest {
  readonly protocol: Protocol;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
    readonly system?: unknown;
    readonly tools?: readonly unknown[];
    readonly max_tokens?: number;
    readonly max_completion_tokens?: number;
  };
}

export interface ModelServer {
  readonly url: string;
  /** Everything that was asked, also what was answered with an error. */
  readonly requests: ModelRequest[];
  /** Decides the answer of every further request. */
  answerWith(decide: (request: ModelRequest, number: number) => ScriptedAnswer): void;
  /** Answers further requests one after the other with these; more than these are answered with 500. */
  script(...answers: readonly ScriptedAnswer[]): void;
  stop(): Promise<void>;
}

const PATHS: Readonly<Record<string, Protocol>> = {
  '/v1/messages': 'anthropic',
  '/v1/chat/completions': 'openai',
};

/** A server on loopback that speaks the wire protocols of model providers and answers what a test scripts. */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  let decide: (request: ModelRequest, number: number) => ScriptedAnswer = unscripted;
  const server = createServer((request, response) => {
    void receive(request).then(async (received) => {
      if (received === null) {
        response.writeHead(404).end('{}');
        return;
      }
      requests.push(received);
      await send(response, received, decide(received, requests.length));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    answerWith: (next) => (decide = next),
    script: (...answers) => {
      const left = [...answers];
      decide = (request) => left.shift() ?? unscripted(request);
    },
    stop: () => stop(server),
  };
}

const unscripted = (request: ModelRequest): ScriptedAnswer => ({
  kind: 'error',
  status: 500,
  message: `Nothing is scripted for this request to ${request.path}`,
});

async function receive(request: IncomingMessage): Promise<ModelRequest | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const path = request.url ?? '';
  const protocol = PATHS[path];
  if (request.method !== 'POST' || protocol === undefined) return null;
  const text = Buffer.concat(chunks).toString('utf8');
  return { protocol, path, headers: request.headers, text, body: JSON.parse(text) as ModelRequest['body'] };
}

async function send(response: ServerResponse, request: ModelRequest, answer: ScriptedAnswer): Promise<void> {
  const speaks = request.protocol === 'anthropic' ? anthropic : openai;
  const id = Math.random().toString(36).slice(2);
  const { model } = request.body;
  switch (answer.kind) {
    case 'error':
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...(answer.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(answer.retryAfterSeconds) }),
      });
      response.end(JSON.stringify(speaks.errorBody(errorType(answer.status), answer.message ?? 'No.')));
      return;
    case 'redirect':
      response.writeHead(307, { location: answer.location }).end();
      return;
    case 'garbage':
      startStream(response).end(answer.body);
      return;
    case 'message':
      await stream(startStream(response), wholeAnswer(request, answer, id));
      response.end();
      return;
    default:
      await stream(startStream(response), beginning(request.protocol, answer.text, model, id));
      if (answer.kind === 'stream_error') response.end(speaks.errorEvent(answer.type, 'It went wrong.'));
      // What was written leaves the machine before the connection is cut.
      if (answer.kind === 'cut') response.write('\n', () => response.socket?.destroy());
  }
}

const startStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });

function wholeAnswer(
  { protocol, body }: ModelRequest,
  answer: Extract<ScriptedAnswer, { kind: 'message' }>,
  id: string,
): Generator<Buffer> {
  return protocol === 'anthropic'
    ? anthropic.messageEvents(answer, body.model, id)
    : openai.chunkEvents(answer, body.model, id);
}

function* beginning(protocol: Protocol, text: string, model: string, id: string): Generator<Buffer> {
  if (protocol === 'openai') yield* openai.textChunks(text, model, id);
  else {
    yield* anthropic.openingEvents(model, id, { input: 10, output: 1 });
    yield* anthropic.textEvents(0, text);
  }
}

async function stream(response: ServerResponse, events: Iterable<Buffer>): Promise<void> {
  for (const event of events) {
    if (response.destroyed) return;
    if (!response.write(event)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

function errorType(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status === 529 ? 'overloaded_error' : 'api_error';
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
