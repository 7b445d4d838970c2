/** A stream of server-sent events whose events the test sends. */
export class ScriptedStream {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 1;
  closed = false;

  constructor(readonly url: string) {}

  close(): void {
    this.closed = true;
  }

  says(data: unknown): void {
    this.onmessage?.({ data: JSON.stringify(data) });
  }

  /** The server refuses it: the browser does not try again. */
  refuse(): void {
    this.readyState = 2;
    this.onerror?.();
  }
}
