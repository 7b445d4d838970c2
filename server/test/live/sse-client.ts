export interface ReceivedMessage {
  readonly id: string | null;
  readonly data: unknown;
}

/** Reads server-sent events until told to stop. */
export class SseClient {
  readonly messages: ReceivedMessage[] = [];
  readonly comments: string[] = [];
  lastId: string | null = null;
  private readonly abort = new AbortController();
  private finished = false;
  private reading: Promise<void> = Promise.resolve();

  private constructor(readonly response: Response) {}

  static async open(url: string, headers: Record<string, string>): Promise<SseClient> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    });
    const client = new SseClient(response);
    client.abort.signal.addEventListener('abort', () => abort.abort());
    client.reading = client.read();
    return client;
  }

  /** Waits until `count` messages have come. */
  async waitFor(count: number, withinMs = 10_000): Promise<ReceivedMessage[]> {
    const deadline = Date.now() + withinMs;
    while (this.messages.length < count) {
      if (Date.now() > deadline || this.finished) {
        throw new Error(`${String(this.messages.length)} of ${String(count)} messages came`);
      }
      await new Promise(setImmediate);
    }
    return this.messages;
  }

  /** Resolves when the server has ended the stream. */
  ended(): Promise<void> {
    return this.reading;
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.reading;
  }

  private async read(): Promise<void> {
    let rest = '';
    try {
      for await (const text of this.response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        blocks.forEach((block) => this.take(block));
      }
    } catch {
      // Closed by one side or the other: what came, came.
    }
    this.finished = true;
  }

  private take(block: string): void {
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) this.lastId = line.slice(4);
      if (line.startsWith('data: ')) data += line.slice(6);
      if (line.startsWith(':')) this.comments.push(line);
    }
    if (data !== '') this.messages.push({ id: this.lastId, data: JSON.parse(data) });
  }
}
