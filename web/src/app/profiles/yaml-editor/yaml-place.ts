/** Where in a document something is typed: what of it stands there, and inside of what. */
export interface YamlPlace {
  /** Keys from the root inwards; null stands for an item of a list. */
  readonly path: readonly (string | null)[];
  /** What may stand there: a key of the map at `path`, the value at `path`, or a new item that is either. */
  readonly kind: 'key' | 'value' | 'item';
  /** What is typed of it so far, up to the place. */
  readonly typed: string;
  /** Keys that the map has already. */
  readonly taken: readonly string[];
  /** Whether the place stands between braces or brackets. */
  readonly inline: boolean;
  /** Column of the key, from 0. */
  readonly column: number;
}

interface Token {
  /** From 0. */
  readonly column: number;
  /** null is the dash of an item. */
  readonly key: string | null;
}

const ENTRY = /^(["']?)([\w$.-]+)\1[ \t]*:(?=[ \t]|$)/;
const OPENS_BLOCK = /(?::|-)[ \t]+[|>][-+\d]*[ \t]*(?:#.*)?$/;

/** @returns null where nothing is to be proposed: in comments, long texts and between two words */
export function placeAt(text: string, offset: number): YamlPlace | null {
  const before = structureOf(text.slice(0, offset).split('\n'));
  if (before === null) return null;
  const { tokens, line } = before;
  const after = text.slice(offset).split('\n').slice(1);
  if (/(?:^|\s)#/.test(line)) return null;
  const own = tokensOf(line);
  const dashes = own.filter(({ key }) => key === null);
  const last = dashes.at(-1);
  const start = last === undefined ? indentOf(line) : afterDash(line, last.column);
  const around = surroundings([...tokens, ...dashes], start);
  const rest = line.slice(start);
  const entry = ENTRY.exec(rest);
  const value = entry === null ? rest : rest.slice(entry[0].length);
  const path = entry === null ? around.path : [...around.path, entry[2] ?? ''];
  const inline = inBraces(value.trimStart(), path, start);
  if (inline !== null) return inline;
  const here = { inline: false, column: start };
  if (entry !== null)
    return /^[ \t]+[^\s].*$|^[ \t]+$/.test(value)
      ? { ...here, path, kind: 'value', typed: value.trimStart(), taken: [] }
      : null;
  if (!/^[\w$.-]*$/.test(rest)) return null;
  const taken = [...around.taken, ...keysBelow(after, start)];
  return { ...here, path, kind: last === undefined ? 'key' : 'item', typed: rest, taken };
}

/** What stands before the last line, without the insides of long texts; null where the last line is in one. */
function structureOf(lines: readonly string[]): { tokens: Token[]; line: string } | null {
  const tokens: Token[] = [];
  let textOf: number | null = null;
  for (const [index, line] of lines.entries()) {
    const final = index === lines.length - 1;
    if (textOf !== null && (indentOf(line) > textOf || (line.trim() === '' && !final))) {
      if (final) return null;
      continue;
    }
    textOf = null;
    if (final) return { tokens, line };
    const found = tokensOf(line);
    tokens.push(...found);
    if (OPENS_BLOCK.test(line)) textOf = found.at(-1)?.column ?? 0;
  }
  return null;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const afterDash = (line: string, column: number): number => column + 1 + indentOf(line.slice(column + 1));

function tokensOf(line: string): Token[] {
  if (line.trimStart().startsWith('#')) return [];
  const tokens: Token[] = [];
  let column = indentOf(line);
  while (/^-(?:[ \t]|$)/.test(line.slice(column))) {
    tokens.push({ column, key: null });
    column = afterDash(line, column);
  }
  const key = ENTRY.exec(line.slice(column))?.[2];
  return key === undefined ? tokens : [...tokens, { column, key }];
}

/** Inside of what a key at a column stands, and which keys stand beside it above. */
function surroundings(
  tokens: readonly Token[],
  column: number,
): { path: (string | null)[]; taken: string[] } {
  const path: (string | null)[] = [];
  const taken: string[] = [];
  let at = column;
  let inMap = true;
  for (const token of tokens.toReversed()) {
    if (token.key === null) {
      if (token.column >= at) continue;
      path.unshift(null);
      [at, inMap] = [token.column, false];
    } else if (inMap ? token.column < at : token.column <= at) {
      path.unshift(token.key);
      [at, inMap] = [token.column, true];
    } else if (path.length === 0 && token.column === at) taken.push(token.key);
  }
  return { path, taken };
}

function keysBelow(lines: readonly string[], column: number): string[] {
  const keys: string[] = [];
  for (const { column: at, key } of lines.flatMap(tokensOf)) {
    if (at < column) break;
    if (at === column && key !== null) keys.push(key);
  }
  return keys;
}

interface Frame {
  readonly path: readonly (string | null)[];
  readonly keys: string[];
  readonly isMap: boolean;
  key: string | null;
}

/** The place in `{ a: 1, b` or `[a, b`; null where the text opens no brace that is still open. */
function inBraces(text: string, base: readonly (string | null)[], column: number): YamlPlace | null {
  if (!/^[{[]/.test(text)) return null;
  const frames: Frame[] = [];
  let word = '';
  for (const part of text.match(/"[^"]*"|'[^']*'|./g) ?? []) {
    const top = frames.at(-1);
    if (part === '{' || part === '[') {
      const path = top === undefined ? base : [...top.path, top.isMap ? top.key : null];
      frames.push({ path, keys: [], isMap: part === '{', key: null });
    } else if (part === '}' || part === ']') frames.pop();
    else if (part === ',' && top !== undefined) top.key = null;
    else if (part === ':' && top?.isMap === true && top.key === null) top.keys.push((top.key = word.trim()));
    else {
      word += part;
      continue;
    }
    word = '';
  }
  const top = frames.at(-1);
  if (top === undefined) return null;
  const here = { typed: word.trimStart(), inline: true, column };
  if (top.isMap && top.key === null) return { ...here, path: top.path, kind: 'key', taken: top.keys };
  return { ...here, path: [...top.path, top.isMap ? top.key : null], kind: 'value', taken: [] };
}
