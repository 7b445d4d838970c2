import { expect } from '@jest/globals';
import { OWNER, type RunDataApp } from '../live/run-data-app.js';

export interface Summary {
  readonly artifact_id: string;
  readonly path: string;
  readonly version: number;
  readonly attempt: number;
  readonly sha256: string;
  readonly superseded: boolean;
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
