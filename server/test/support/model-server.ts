import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropic } from './models/anthropic-protocol.js';
import type { ScriptedAnswer } from './models/answers.js';
import { bedrock } from './models/bedrock-protocol.js';
import { continuationChunk, google } from './models/google-protocol.js';
import { openaiResponses } from './models/openai-responses-protocol.js';
import { openai } from './models/openai-protocol.js';
import type { WireProtocol } from './models/protocol.js';

export type { ScriptedAnswer, ScriptedTool, ScriptedUsage } from './models/answers.js';

const PROTOCOLS = { anthropic, openai, openai_responses: openaiResponses, google, bedrock } satisfies Record<
  string,
  WireProtocol
>;
export type Protocol = keyof typeof PROTOCOLS;

/** One request that the server received, as it came over the wire. */
export interface ModelRequest {
  readonly protocol: Protocol;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Of the body or, where the protocol has it there, of the path. */
  readonly model: string;
  readonly body: Readonly<Record<string, unknown>>;
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

/** Where each protocol is spoken; a group is the model's name. */
const PATHS: readonly (readonly [RegExp, Protocol])[] = [
  [/^\/v1\/messages$/, 'anthropic'],
  [/^\/v1\/chat\/completions$/, 'openai'],
  [/^\/v1\/responses$/, 'openai_responses'],
  [/^\/v1beta\/models\/([^/]+):streamGenerateContent\?alt=sse$/, 'google'],
  [/^\/model\/([^/]+)\/converse-stream$/, 'bedrock'],
];

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
  const [pattern, protocol] = PATHS.find(([candidate]) => candidate.test(path)) ?? [];
  if (request.method !== 'POST' || pattern === undefined || protocol === undefined) return null;
  const text = Buffer.concat(chunks).toString('utf8');
  const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const model = decodeURIComponent(pattern.exec(path)?.[1] ?? String(body['model']));
  return { protocol, path, headers: request.headers, text, model, body };
}

async function send(
  response: ServerResponse,
  { protocol, model }: ModelRequest,
  answer: ScriptedAnswer,
): Promise<void> {
  const speaks = PROTOCOLS[protocol];
  const id = Math.random().toString(36).slice(2);
  switch (answer.kind) {
    case 'error':
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...(answer.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(answer.retryAfterSeconds) }),
      });
      response.end(JSON.stringify(speaks.errorBody(answer.status, answer.message ?? 'No.')));
      return;
    case 'redirect':
      response.writeHead(307, { location: answer.location }).end();
      return;
    case 'garbage':
      startStream(response, speaks).end(answer.body);
      return;
    case 'to_be_continued':
      startStream(response, speaks).end(continuationChunk(model, id));
      return;
    case 'message':
      await stream(startStream(response, speaks), speaks.whole(answer, model, id));
      response.end();
      return;
    default:
      await stream(startStream(response, speaks), speaks.beginning(answer.text, model, id));
      if (answer.kind === 'stream_error') response.end(speaks.errorEvent(answer.type, 'It went wrong.'));
      if (answer.kind === 'early_end') response.end();
      // What was written leaves the machine before the connection is cut.
      if (answer.kind === 'cut') response.write('\n', () => response.socket?.destroy());
  }
}

const startStream = (response: ServerResponse, { contentType }: WireProtocol): ServerResponse =>
  response.writeHead(200, { 'content-type': contentType });

async function stream(response: ServerResponse, events: Iterable<Buffer>): Promise<void> {
  for (const event of events) {
    if (response.destroyed) return;
    if (!response.write(event)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
