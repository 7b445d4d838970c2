import { pointer, type ProfileProblem } from '../domain/profile-problem.js';

const MAX_DEPTH = 64;
const MAX_VALUES = 100_000;

/** Keys that would reach into the prototypes of objects made from them. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What no profile may contain, whatever its schema says: unsafe keys, nesting without end (aliases can
 * refer to themselves), numbers that JSON has no form for, and characters that PostgreSQL cannot store.
 */
export function contentProblems(value: unknown): ProfileProblem[] {
  const found: ProfileProblem[] = [];
  const pending: Entry[] = [{ value, path: '', depth: 0 }];
  let seen = 0;
  for (let entry = pending.pop(); entry !== undefined && found.length < 20; entry = pending.pop()) {
    if (entry.depth > MAX_DEPTH) return [{ path: entry.path.slice(0, 200), message: 'Nested too deeply.' }];
    if (++seen > MAX_VALUES) return [{ path: '', message: 'The profile has too many values.' }];
    const message = scalarProblem(entry.value);
    if (message !== null) found.push({ path: entry.path, message });
    for (const child of childrenOf(entry)) {
      if (UNSAFE_KEYS.has(child.key))
        found.push({ path: child.path, message: `${child.key} is not a name.` });
      else pending.push(child);
    }
  }
  return found;
}

interface Entry {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

function childrenOf(entry: Entry): (Entry & { readonly key: string })[] {
  if (typeof entry.value !== 'object' || entry.value === null) return [];
  return Object.entries(entry.value).map(([key, value]: [string, unknown]) => ({
    key,
    value,
    path: entry.path + pointer(key),
    depth: entry.depth + 1,
  }));
}

function scalarProblem(value: unknown): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'This is not a number that can be stored.';
  if (typeof value !== 'string') return null;
  if (value.includes('\0')) return 'A text must not contain the NUL character.';
  return value.isWellFormed() ? null : 'A text must be well-formed Unicode.';
}
