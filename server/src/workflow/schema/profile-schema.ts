import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSchema, type CompiledSchema, type JsonSchema } from '../domain/json-schema.js';
import type { ProfileProblem } from '../domain/profile-problem.js';
import type { ProfileSource } from '../domain/profile-source.js';

/** The published JSON Schema of profiles, format v1. */
export const PROFILE_SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, 'profile.schema.json'), 'utf8'),
) as JsonSchema;

let compiled: CompiledSchema | undefined;

export type ShapeOutcome =
  | { readonly kind: 'profile'; readonly source: ProfileSource }
  | { readonly kind: 'invalid'; readonly problems: readonly ProfileProblem[] };

/** Checks a value against the schema of profiles. */
export function checkShape(value: unknown): ShapeOutcome {
  // Compiled when it is first needed: most starts have no new profile to check.
  compiled ??= compileSchema(PROFILE_SCHEMA);
  const problems = compiled.problems(value);
  // The schema has just accepted the value as what ProfileSource describes.
  return problems.length > 0
    ? { kind: 'invalid', problems }
    : { kind: 'profile', source: value as ProfileSource };
}
