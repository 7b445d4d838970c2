import { describeSize } from './wording.js';

/** A file that can be looked at: an artifact, or a file of a folder. */
export interface ReadableFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Reads at most `limit` bytes from the start. */
  read(limit: number): Promise<Buffer>;
}

/** Bounds of reading, in bytes. */
export interface ReadingLimits {
  readonly perFile: number;
  readonly total: number;
}

export const READING_LIMITS: ReadingLimits = { perFile: 5 * 1024 ** 2, total: 256 * 1024 ** 2 };

export type TextRead =
  { readonly kind: 'text'; readonly text: string; readonly cut: boolean } | { readonly kind: 'binary' };

/** Reads a file as text, at most `limit` bytes; `cut` says that there was more. A NUL byte makes it binary. */
export async function readText(file: ReadableFile, limit: number): Promise<TextRead> {
  const content = await file.read(limit);
  const text = decodeText(content);
  return text === null ? { kind: 'binary' } : { kind: 'text', text, cut: file.sizeBytes > content.length };
}

/**
 * Decodes UTF-8, or UTF-16 where a byte order mark says so, without the mark; invalid bytes become U+FFFD.
 * Null where the content is binary.
 */
export function decodeText(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (content[0] === 0xfe && content[1] === 0xff) return new TextDecoder('utf-16be').decode(content);
  return content.includes(0) ? null : new TextDecoder().decode(content);
}

/** What reading a set of files came to; filled by {@link readTexts}. */
export interface ReadingTally {
  texts: number;
  readonly binary: Set<string>;
  readonly cut: Set<string>;
  readonly unread: Set<string>;
}

export const newTally = (): ReadingTally => ({
  texts: 0,
  binary: new Set(),
  cut: new Set(),
  unread: new Set(),
});

/** Reads the text files among `files` one after the other within the limits, and notes in `tally` what was left out. */
export async function* readTexts<F extends ReadableFile>(
  files: readonly F[],
  tally: ReadingTally,
  limits: ReadingLimits = READING_LIMITS,
): AsyncGenerator<{ readonly file: F; readonly text: string }> {
  let left = limits.total;
  for (const file of files) {
    if (left <= 0) {
      tally.unread.add(file.path);
      continue;
    }
    left -= Math.min(file.sizeBytes, limits.perFile);
    const read = await readText(file, limits.perFile);
    if (read.kind === 'binary') {
      tally.binary.add(file.path);
      continue;
    }
    tally.texts += 1;
    if (read.cut) tally.cut.add(file.path);
    yield { file, text: read.text };
  }
}

/** What the reader of a verdict must know about the reading; empty where everything was read. */
export function describeTally(tally: ReadingTally, limits: ReadingLimits = READING_LIMITS): string {
  const parts: string[] = [];
  if (tally.binary.size > 0) parts.push(`${tally.binary.size} binary skipped`);
  if (tally.cut.size > 0) {
    parts.push(
      `only the first ${describeSize(limits.perFile)} read of ${[...tally.cut].slice(0, 3).join(', ')}`,
    );
  }
  if (tally.unread.size > 0)
    parts.push(`${tally.unread.size} not read: more than ${describeSize(limits.total)}`);
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** Number of the line, from 1, in which the character at `index` lies. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
