import type { Masker } from '../../domain/mask.js';
import type { StepLog } from '../executor.js';

/** A line without an end is written after so many characters. */
const MAX_LINE = 10_000;

/** Writes text to a log that comes in pieces, in whole lines, so that what is to be masked is seen as a whole. */
export class LineLog {
  private rest = '';

  constructor(
    private readonly log: StepLog,
    private readonly mask: Masker,
  ) {}

  write(delta: string): void {
    this.rest += delta;
    const end = this.rest.lastIndexOf('\n') + 1;
    const cut = end === 0 && this.rest.length > MAX_LINE ? this.rest.length : end;
    if (cut === 0) return;
    this.put(this.rest.slice(0, cut));
    this.rest = this.rest.slice(cut);
  }

  end(): void {
    if (this.rest !== '') this.put(`${this.rest}\n`);
    this.rest = '';
  }

  private put(text: string): void {
    this.log.write('stdout', this.mask(text.toWellFormed()));
  }
}
