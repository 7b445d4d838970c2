export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

type HeaderValues = Readonly<Record<string, string>>;

/** Talks to a server over real HTTP as one caller. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly credentials: HeaderValues,
  ) {}

  get<T>(path: string, headers: HeaderValues = {}): Promise<Answer<T>> {
    return this.send<T>('GET', path, undefined, headers);
  }

  /** Posts JSON; without a body, nothing. */
  post<T>(path: string, body?: unknown, headers: HeaderValues = {}): Promise<Answer<T>> {
    return this.json<T>('POST', path, body, headers);
  }

  putJson<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.json<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.json<T>('PATCH', path, body);
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.json<T>('DELETE', path, undefined);
  }

  /** Posts JSON that is written as given. */
  postText<T>(path: string, text: string, headers: HeaderValues = {}): Promise<Answer<T>> {
    return this.send<T>('POST', path, text, { ...JSON_TYPE, ...headers });
  }

  put<T>(path: string, text: string, type: string): Promise<Answer<T>> {
    return this.send<T>('PUT', path, text, { 'Content-Type': type });
  }

  /** The answer as it comes, for contents that are no JSON. */
  raw(path: string, init: RequestInit & { readonly headers?: HeaderValues } = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { ...this.credentials, ...init.headers } });
  }

  private json<T>(
    method: string,
    path: string,
    body: unknown,
    headers: HeaderValues = {},
  ): Promise<Answer<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.send<T>(method, path, text, text === undefined ? headers : { ...JSON_TYPE, ...headers });
  }

  private async send<T>(
    method: string,
    path: string,
    text: string | undefined,
    headers: HeaderValues,
  ): Promise<Answer<T>> {
    const answer = await this.raw(path, { method, headers, ...(text === undefined ? {} : { body: text }) });
    const content = await answer.text();
    return { status: answer.status, headers: answer.headers, body: read(content) as T };
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What is no JSON stays text. */
function read(content: string): unknown {
  try {
    return content === '' ? null : JSON.parse(content);
  } catch {
    return content;
  }
}

/** Signs in over HTTP and gives the client of that user. */
export async function signIn(url: string, email: string, password: string): Promise<ApiClient> {
  const { status, body } = await new ApiClient(url, {}).post<{ access_token: string }>('/auth/login', {
    email,
    password,
  });
  if (status !== 200) throw new Error(`Cannot sign in as ${email}: ${JSON.stringify(body)}`);
  return new ApiClient(url, { Authorization: `Bearer ${body.access_token}` });
}
