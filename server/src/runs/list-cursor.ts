import { invalid, type DomainError } from '../problems/domain-error.js';
import type { Sort } from './dto/list-runs.query.js';

/** The place behind the last row of a page, in the order it was read in. */
export interface ListCursor {
  readonly sort: Sort;
  readonly key: string;
  readonly id: string;
}

export const encodeCursor = (cursor: ListCursor): string =>
  Buffer.from(JSON.stringify([cursor.sort, cursor.key, cursor.id])).toString('base64url');

/** @throws DomainError 400 where the text is not a cursor of ours for this order */
export function decodeCursor(text: string, sort: Sort): ListCursor {
  const parts = parse(text);
  const [cursorSort, key, id] = parts;
  if (
    cursorSort !== sort ||
    typeof key !== 'string' ||
    typeof id !== 'string' ||
    !/^[0-9a-f-]{36}$/.test(id)
  ) {
    throw foreignCursor();
  }
  return { sort, key, id };
}

export const foreignCursor = (): DomainError =>
  invalid('The cursor does not belong to this list; start again without it.', [
    { pointer: '?cursor', message: 'is not a cursor of a list in this order' },
  ]);

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    // A text that is no JSON is simply no cursor.
    return [];
  }
}
