import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { compilePattern } from './pattern.js';
import type { ProfileProblem } from './profile-problem.js';
import { problemOf } from './schema-sentences.js';

/** Most problems that one validation reports. */
const MAX_PROBLEMS = 50;

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface CompiledSchema {
  /** All problems of a value, at most 50; none where it is valid. Defaults are filled into the value where asked for. */
  problems(value: unknown): ProfileProblem[];
}

/** `fill` writes the schema's defaults into the value. */
export type DefaultsMode = 'fill' | 'ignore';

/** Patterns run in linear time, so that no schema can stop the process. The validator tells them apart by their text. */
const linearPatterns: NonNullable<NonNullable<Options['code']>['regExp']> = Object.assign(
  (pattern: string) => ({ ...compilePattern(pattern), toString: () => pattern }),
  { code: 'linearPatterns' },
);

/** Knows what a JSON Schema is. Compiling that takes far longer than a schema of ours, so it is done once. */
const draft = new Ajv2020({ strict: false, logger: false });

/**
 * Compiles a JSON Schema (draft 2020-12). References go inside the schema only; nothing is fetched.
 * @throws Error with a sentence where it is not a schema
 */
export function compileSchema(schema: JsonSchema, defaults: DefaultsMode = 'ignore'): CompiledSchema {
  if (!draft.validateSchema(schema)) throw new Error(`schema is invalid: ${draft.errorsText()}`);
  const ajv = new Ajv2020({
    meta: false,
    validateSchema: false,
    allErrors: true,
    verbose: true,
    strictSchema: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
    useDefaults: defaults === 'fill',
    code: { regExp: linearPatterns, optimize: false },
  });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return { problems: (value) => (validate(value) ? [] : summarise(validate.errors ?? [])) };
}

/** Drops what only frames another error: the branches and the failed condition around it. */
function summarise(errors: readonly ErrorObject[]): ProfileProblem[] {
  const branches = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  const isFramed = (error: ErrorObject): boolean =>
    error.keyword === 'if' ||
    branches.some((branch) => branch !== error && error.schemaPath.startsWith(`${branch.schemaPath}/`));
  const problems = errors.filter((error) => !isFramed(error)).map(problemOf);
  const seen = new Set<string>();
  return problems
    .filter(({ path, message }) => {
      const key = `${path} ${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, MAX_PROBLEMS);
}
