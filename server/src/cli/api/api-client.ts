import { setTimeout as pause } from 'node:timers/promises';
import { pauseOf, refusalOf } from './answers.js';
import { CliError, Unreachable } from './cli-error.js';
import { OPERATIONS, type Operations } from './generated/operations.gen.js';

export type Operation = keyof Operations;

/** Body, path, query and headers of an operation, as the document declares them. */
export type Request<O extends Operation> = Omit<Operations[O]['request'], 'url'>;

/** What an operation answers as JSON; answers without content have none. */
export type Answer<O extends Operation> = Exclude<
  Extract<Operations[O]['answers'][keyof Operations[O]['answers']], object>,
  Blob
>;

export interface Sending {
  /** `Accept`; JSON where absent. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Query values whose names the document leaves open. */
  readonly query?: Readonly<Record<string, string>>;
}

interface RequestParts {
  readonly body?: unknown;
  readonly path?: object | undefined;
  readonly query?: object | undefined;
  readonly headers?: object | undefined;
}

/** A refused request is sent again so often when it came too fast. */
const PATIENCE = 5;

/** Calls the server's operations, typed by its OpenAPI document. */
export class ApiClient {
  /**
   * @param url of the server, without a slash at the end
   * @param headers that go with every request
   */
  constructor(
    readonly url: string,
    private readonly credential: string | null,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /**
   * Sends a request and reads the JSON of its answer.
   * @throws ApiProblem where the server refuses it, Unreachable where it does not answer
   */
  async call<O extends Operation>(
    operation: O,
    request: Request<O>,
    sending: Sending = {},
  ): Promise<Answer<O>> {
    const response = await this.open(operation, request, sending);
    return this.read<O>(response);
  }

  /** Sends a request and gives the answer before its content was read, for streams and files. */
  async open<O extends Operation>(
    operation: O,
    request: Request<O>,
    sending: Sending = {},
  ): Promise<Response> {
    for (let tried = 1; ; tried += 1) {
      const response = await this.send(operation, request, sending);
      if (response.ok) return response;
      const ms = tried < PATIENCE ? pauseOf(response) : null;
      if (ms === null) throw await refusalOf(response);
      await response.body?.cancel();
      await pause(ms, undefined, sending.signal === undefined ? {} : { signal: sending.signal });
    }
  }

  /** Reads the JSON of an answer; one without content (204) has none. @throws Unreachable where it breaks off */
  async read<O extends Operation>(response: Response): Promise<Answer<O>> {
    if (response.status === 204) return undefined as unknown as Answer<O>;
    try {
      return (await response.json()) as Answer<O>;
    } catch (error) {
      throw new Unreachable(this.url, reasonOf(error));
    }
  }

  private async send(operation: Operation, request: RequestParts, sending: Sending): Promise<Response> {
    const { method, path } = OPERATIONS[operation];
    const url = this.url + filled(path, request.path ?? {}) + queryOf({ ...request.query, ...sending.query });
    const own = { ...this.headers, ...request.headers, ...sending.headers };
    const headers = new Headers({ accept: 'application/json', ...own });
    if (sending.accept !== undefined) headers.set('accept', sending.accept);
    if (this.credential !== null) headers.set('authorization', `Bearer ${this.credential}`);
    const body = bodyOf(request.body, headers);
    const { signal = null } = sending;
    try {
      return await fetch(url, {
        method,
        headers,
        signal,
        redirect: 'error',
        ...(body === null ? {} : { body }),
      });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new Unreachable(this.url, reasonOf(error));
    }
  }
}

function bodyOf(body: unknown, headers: Headers): string | FormData | null {
  if (body === undefined || body === null) return null;
  if (body instanceof FormData) return body;
  if (typeof body === 'string') return body;
  headers.set('content-type', 'application/json');
  return JSON.stringify(body);
}

function filled(path: string, values: object): string {
  const given = new Map<string, unknown>(Object.entries(values));
  return path.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = given.get(name);
    if (value === '' || value === '.' || value === '..')
      throw new CliError(`${name} must not be "${value}".`);
    return encodeURIComponent(String(value));
  });
}

type QueryValue = string | number | boolean;

function queryOf(values: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values) as [string, QueryValue | readonly QueryValue[]][]) {
    for (const one of typeof value === 'object' ? value : [value]) query.append(name, String(one));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** What lies behind fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error instanceof Error ? error.message : String(error);
}
