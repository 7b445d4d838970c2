/** Joins pieces of one stream to whole lines and cuts what is too long. */
export class LineAssembler {
  private partial = '';
  /** Characters left out of the line that is being read. */
  private cut = 0;

  /** @param maxLine characters of a line that are kept */
  constructor(private readonly maxLine: number) {}

  /** Takes the next piece. @returns the lines that it completed, joined by `\n`; null where it completed none */
  push(text: string): string | null {
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      this.extend(text);
      return null;
    }
    const first = text.indexOf('\n');
    this.extend(text.slice(0, first));
    const firstLine = this.takeLine();
    const middle = first === end ? null : shortened(text.slice(first + 1, end), this.maxLine);
    this.extend(text.slice(end + 1));
    return (middle === null ? firstLine : `${firstLine}\n${middle}`)
      .replaceAll('\r\n', '\n')
      .replace(/\r$/u, '');
  }

  /** The last line, where no line break ended it. */
  end(): string | null {
    return this.partial === '' && this.cut === 0 ? null : this.takeLine();
  }

  private extend(text: string): void {
    const room = this.maxLine - this.partial.length;
    this.partial += text.slice(0, Math.max(0, room));
    this.cut += Math.max(0, text.length - Math.max(0, room));
  }

  private takeLine(): string {
    const line = this.cut > 0 ? withMark(this.partial, this.cut) : this.partial;
    this.partial = '';
    this.cut = 0;
    return line;
  }
}

function shortened(lines: string, maxLine: number): string {
  if (lines.length <= maxLine) return lines;
  return lines
    .split('\n')
    .map((line) => (line.length > maxLine ? withMark(line.slice(0, maxLine), line.length - maxLine) : line))
    .join('\n');
}

/** A character that the cut halved goes with the rest. */
const withMark = (line: string, cut: number): string =>
  `${line.replace(/[\ud800-\udbff]$/, '')} … [${String(cut)} more characters of this line were left out]`;
