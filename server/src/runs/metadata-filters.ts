import { invalid } from '../problems/domain-error.js';

const PREFIX = 'metadata.';
const MOST = 10;

/**
 * The `metadata.KEY=value` filters of a query.
 * @throws DomainError 400 for a repeated key, an empty key, or more than ten
 */
export function readMetadataFilters(
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const found = Object.entries(query).filter(([name]) => name.startsWith(PREFIX));
  if (found.length > MOST) throw refuse(PREFIX, `At most ${String(MOST)} metadata filters are taken.`);
  return Object.fromEntries(
    found.map(([name, value]) => {
      const key = name.slice(PREFIX.length);
      if (key === '' || typeof value !== 'string')
        throw refuse(name, 'must be one text, with a key behind the dot');
      return [key, value];
    }),
  );
}

const refuse = (name: string, message: string): Error => invalid(message, [{ pointer: `?${name}`, message }]);
