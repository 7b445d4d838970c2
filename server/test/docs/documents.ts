import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';

export const ROOT = join(import.meta.dirname, '../../..');

export interface Fence {
  readonly language: string;
  readonly code: string;
}

/** A document of the project, by its path. */
export const readDocument = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** The fenced blocks of a document that are marked as examples: ```bash example. */
export function examplesIn(markdown: string): Fence[] {
  return new MarkdownIt()
    .parse(markdown, {})
    .filter((token) => token.type === 'fence')
    .flatMap(({ info, content }) => {
      const [language = '', mark] = info.trim().split(/\s+/);
      return mark === 'example' ? [{ language, code: content }] : [];
    });
}

/** All examples of one language as one script, in the order of the document. */
export const scriptIn = (markdown: string, language: string): string =>
  examplesIn(markdown)
    .filter((example) => example.language === language)
    .map((example) => example.code)
    .join('\n');

/** What a script says that it prints, line by line, in its comments `prints: …`. */
export const promisedOutput = (script: string): string[] =>
  [...script.matchAll(/(?:#|\/\/) prints: (.+)$/gm)].map(([, text]) => text?.trim() ?? '');

/** What of the promised lines is not printed, in that order; empty where all of them are. */
export function missingOutput(promised: readonly string[], printed: string): string[] {
  const lines = printed.split('\n');
  return promised.filter((wanted) => {
    const index = lines.findIndex((line) => line.includes(wanted));
    if (index !== -1) lines.splice(0, index + 1);
    return index === -1;
  });
}

/** The first column of the table that begins with this head, without the marks of code. */
export function firstColumn(markdown: string, head: string): string[] {
  const lines = markdown.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === head);
  if (begin === -1) throw new Error(`There is no table whose first column is "${head}"`);
  const rows = lines.slice(begin + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows
    .slice(0, end === -1 ? undefined : end)
    .map((line) => cellsOf(line)[0]?.replaceAll('`', '') ?? '');
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
