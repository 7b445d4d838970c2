import type { LogStream, StepLog } from '../../execution/executors/executor.js';
import type { ApiClient } from '../api/api-client.js';
import type { ClaimAnswerDto, LogLineInputDto } from '../api/generated/types.gen.js';
import { untilAnswered } from './until-answered.js';

/** Lines are sent so often, and earlier where many have gathered. */
const EVERY_MS = 2000;
/** What the server takes at a time, and a margin below its limit of bytes. */
const MAX_LINES = 1000;
const MAX_BYTES = 512 * 1024;
/** Of one line; a longer one is sent as several. */
const LINE_CHARACTERS = 60_000;

/** A step's log at the server. While the server is away, `flush` waits: the step's output waits on its pipe. */
export class RemoteLog implements StepLog {
  private lines: LogLineInputDto[] = [];
  private sending: Promise<void> = Promise.resolve();
  private readonly timer = setInterval(() => void this.flush(), EVERY_MS);

  /** @param signal aborted when the step is no longer ours: nothing more is sent then */
  constructor(
    private readonly api: ApiClient,
    private readonly claim: ClaimAnswerDto,
    private readonly signal: AbortSignal,
  ) {}

  write(stream: LogStream, text: string): void {
    const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
    for (const line of lines.split('\n')) {
      for (let at = 0; at === 0 || at < line.length; at += LINE_CHARACTERS) {
        this.lines.push({
          stream: stream === 'stdout' ? 'stdout' : 'stderr',
          text: line.slice(at, at + LINE_CHARACTERS),
        });
      }
    }
  }

  flush(): Promise<void> {
    this.sending = this.sending.then(() => this.send());
    return this.sending;
  }

  /** Sends the rest. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async send(): Promise<void> {
    while (this.lines.length > 0 && !this.signal.aborted) {
      const lines = this.lines.splice(0, portionOf(this.lines));
      const { step, lease } = this.claim;
      const request = { path: { id: step.id }, body: { lease_token: lease.token, lines } };
      try {
        await untilAnswered(() => this.api.open('appendStepLog', request), this.signal);
      } catch {
        // Refused, or no longer ours: a log that cannot be kept does not fail its step.
        this.lines = [];
      }
    }
    if (this.signal.aborted) this.lines = [];
  }
}

/** How many of the first lines fit into one request; at least one. */
function portionOf(lines: readonly LogLineInputDto[]): number {
  let bytes = 0;
  const first = lines.findIndex(({ text }, index) => {
    bytes += Buffer.byteLength(text) + 40;
    return index >= MAX_LINES || bytes > MAX_BYTES;
  });
  return first < 0 ? lines.length : Math.max(1, first);
}
