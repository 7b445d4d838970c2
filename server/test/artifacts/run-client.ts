import { expect } from '@jest/globals';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OWNER, type RunDataApp } from '../live/run-data-app.js';

export interface Summary {
  readonly artifact_id: string;
  readonly path: string;
  readonly version: number;
  readonly attempt: number;
  readonly sha256: string;
  readonly superseded: boolean;
}

const PIECE = Buffer.alloc(64 * 1024);

function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE;
}

/** A form with one file. */
export function form(
  fields: Record<string, string>,
  content: string | Uint8Array<ArrayBuffer>,
  name = 'file.md',
): RequestInit {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.set(key, value);
  body.set('file', new Blob([content]), name);
  return { method: 'POST', body };
}

export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Record<string, unknown>;
}

/** Calls what belongs to one run, as its owner or as somebody else. */
export class RunClient {
  constructor(
    private readonly server: RunDataApp,
    private readonly runId: string,
  ) {}

  /** Sends so many bytes over a connection of its own, and gives the status of the answer. */
  async stream(path: string, bytes: number, size: 'announced' | 'unannounced'): Promise<number> {
    const sent = request(`${this.server.url}/runs/${this.runId}${path}`, {
      method: 'POST',
      agent: false,
      headers: {
        ...this.server.as(OWNER),
        'content-type': 'application/octet-stream',
        ...(size === 'announced' ? { 'content-length': String(bytes) } : {}),
      },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    Readable.from(pieces(bytes)).pipe(sent);
    const [answer] = await answered;
    await text(answer);
    sent.destroy();
    return answer.statusCode ?? 0;
  }

  call(path: string, init: RequestInit = {}, as = OWNER): Promise<Response> {
    const headers = { ...this.server.as(as), ...(init.headers as Record<string, string> | undefined) };
    return fetch(`${this.server.url}/runs/${this.runId}${path}`, { ...init, headers });
  }

  async json(path: string): Promise<Record<string, unknown>> {
    return (await (await this.call(path)).json()) as Record<string, unknown>;
  }

  /** Into the phase planning, where the fields name no other. */
  upload(fields: Record<string, string>, content = 'text', name?: string, as?: string): Promise<Response> {
    return this.call('/artifacts', form({ phase: 'planning', ...fields }, content, name), as);
  }

  async uploaded(fields: Record<string, string>, content?: string, name?: string): Promise<Summary> {
    const response = await this.upload(fields, content, name);
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as Summary;
  }
}
