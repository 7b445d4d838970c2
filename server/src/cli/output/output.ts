import { clearScreenDown, moveCursor } from 'node:readline';
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command writes: results on standard output, remarks and errors on standard error. */
export class Output {
  /** Whether colours are shown on standard output: on a terminal, unless NO_COLOR asks for none. */
  readonly colours: boolean;
  readonly isTerminal: boolean;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly err: NodeJS.WriteStream,
  ) {
    this.isTerminal = out.isTTY;
    this.colours = this.isTerminal && out.hasColors();
  }

  line(text = ''): void {
    this.out.write(`${text}\n`);
  }

  raw(text: string): void {
    this.out.write(text);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }

  /** One JSON value on a line of its own. */
  jsonLine(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  remark(text: string): void {
    this.err.write(`${text}\n`);
  }

  style(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Writes lines in place of the last `before` lines of a terminal. */
  redraw(lines: readonly string[], before: number): void {
    if (before > 0) moveCursor(this.out, 0, -before);
    clearScreenDown(this.out);
    for (const line of lines) this.line(line);
  }

  /** Columns of the terminal; unbounded where it is none. */
  get columns(): number {
    return this.isTerminal ? this.out.columns : Number.POSITIVE_INFINITY;
  }
}
