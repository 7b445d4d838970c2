import { createHash } from 'node:crypto';
import { normaliseProfile } from './domain/normalise.js';
import type { ProfileDefinition } from './domain/profile.js';
import { validateProfile } from './domain/rules/validate-profile.js';
import { parseProfileText, type LocatedProblem, type ProfileFormat } from './parsing/profile-text.js';
import { checkShape } from './schema/profile-schema.js';

export type CompiledProfile =
  | { readonly kind: 'valid'; readonly definition: ProfileDefinition; readonly digest: string }
  | { readonly kind: 'invalid'; readonly errors: readonly LocatedProblem[] };

/**
 * Reads, validates and normalises the text of a profile. Errors are in the order of the text.
 * The digest is the SHA-256 (hex) of the normalised definition: layout, comments and spelled-out
 * defaults do not change it.
 */
export function compileProfile(text: string, format: ProfileFormat): CompiledProfile {
  const parsed = parseProfileText(text, format);
  if (parsed.kind === 'malformed') return { kind: 'invalid', errors: parsed.errors };
  const shape = checkShape(parsed.value);
  const problems = shape.kind === 'invalid' ? shape.problems : validateProfile(shape.source);
  if (shape.kind === 'invalid' || problems.length > 0) {
    return { kind: 'invalid', errors: problems.map((problem) => parsed.locate(problem)).sort(byPlace) };
  }
  const definition = normaliseProfile(shape.source);
  return { kind: 'valid', definition, digest: digestOf(definition) };
}

const byPlace = (a: LocatedProblem, b: LocatedProblem): number => a.line - b.line || a.column - b.column;

const digestOf = (definition: ProfileDefinition): string =>
  createHash('sha256').update(JSON.stringify(definition, sortedKeys)).digest('hex');

/** Objects with their keys in order, so that equal definitions have equal text. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
