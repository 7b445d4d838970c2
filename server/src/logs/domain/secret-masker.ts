import { MASK } from '../../execution/domain/mask.js';

/** Shorter values would mask half of every text and protect nothing. */
const MIN_LENGTH = 4;

/** Replaces secrets in a stream of text, also where a secret arrives in several pieces. */
export class SecretMasker {
  private readonly values: readonly string[];
  private readonly pattern: RegExp | null;
  private held = '';

  /** @param secrets values as the step is given them */
  constructor(secrets: readonly string[]) {
    this.values = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
    this.pattern =
      this.values.length > 0 ? new RegExp(this.values.map(escapeForPattern).join('|'), 'gu') : null;
  }

  /** Takes the next piece and gives what can be shown; the start of what may become a secret is held back. */
  push(text: string): string {
    if (this.pattern === null) return text;
    const all = this.held + text;
    const shown = this.endOfShown(all, this.pattern);
    this.held = all.slice(shown);
    return all.slice(0, shown).replaceAll(this.pattern, MASK);
  }

  /** The rest, once nothing follows. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return this.pattern === null ? rest : rest.replaceAll(this.pattern, MASK);
  }

  private endOfShown(text: string, pattern: RegExp): number {
    const start = this.startOfBeginning(text);
    if (start === text.length) return start;
    // A secret found across that point is held as a whole, or the point would cut it.
    for (const match of text.matchAll(pattern)) {
      if (match.index >= start) break;
      if (match.index + match[0].length > start) return match.index;
    }
    return start;
  }

  /** Where the longest end of the text begins that is the beginning, but not the whole, of a secret. */
  private startOfBeginning(text: string): number {
    const longest = this.values[0]?.length ?? 0;
    for (let start = Math.max(0, text.length - longest + 1); start < text.length; start++) {
      const end = text.slice(start);
      if (this.values.some((value) => value.length > end.length && value.startsWith(end))) return start;
    }
    return text.length;
  }
}

/** The value, each of its lines, and both as they stand inside JSON. */
function formsOf(secret: string): string[] {
  const value = clean(secret);
  const plain = [value, ...value.split(/\r?\n/u)];
  const escaped = plain.map((form) => JSON.stringify(form).slice(1, -1));
  return [...plain, ...escaped].filter((form) => form.trim().length >= MIN_LENGTH);
}

/** What PostgreSQL and a browser can take: valid Unicode without NUL. */
export const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '');

const escapeForPattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
