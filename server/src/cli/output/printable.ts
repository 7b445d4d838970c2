import { stripVTControlCharacters } from 'node:util';

const ESC = String.fromCodePoint(0x1b);
const COLOUR = new RegExp(`${ESC}\\[[0-9;]*m`, 'gu');

/** One line of text by others, safe to print: no control characters, no terminal sequences, no direction marks. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}

/** A line of a log, with its colours where `colours` says so and without all other terminal sequences. */
export function logText(text: string, colours: boolean): string {
  if (!colours) return clean(text);
  const kept = text.match(COLOUR) ?? [];
  const parts = text.split(COLOUR);
  const line = parts.map((part, index) => clean(part) + (kept[index] ?? '')).join('');
  return kept.length === 0 ? line : `${line}${ESC}[0m`;
}

const clean = (text: string): string => stripVTControlCharacters(text).replace(/[^\P{Cc}\t]/gu, '');
