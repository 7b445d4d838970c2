import { ConditionError, evaluateCondition } from './when.js';
import { compileSchema, type CompiledSchema, type JsonSchema } from './json-schema.js';
import type { ProfileDefinition } from './profile.js';
import { pointer, type ProfileProblem } from './profile-problem.js';

export type ParametersOutcome =
  | { readonly kind: 'valid'; readonly values: Readonly<Record<string, unknown>> }
  /** `path` is a JSON pointer that begins with /parameters. */
  | { readonly kind: 'invalid'; readonly problems: readonly ProfileProblem[] };

const compiledSchemas = new WeakMap<JsonSchema, CompiledSchema>();

/** The names that a profile declares under `parameters.properties`. */
export function declaredParameters(schema: JsonSchema | null): string[] {
  const properties = schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/**
 * Checks the parameters of a run against its profile, fills in defaults, and makes sure that every
 * condition of the profile can be evaluated on them, so that none fails in the middle of a run.
 */
export function validateParameters(
  definition: ProfileDefinition,
  given: Readonly<Record<string, unknown>>,
): ParametersOutcome {
  const values = structuredClone(given);
  const problems = schemaProblems(definition.parameters, values);
  if (problems.length > 0) return { kind: 'invalid', problems: problems.map(underParameters) };
  const failing = conditionProblems(definition, values);
  return failing.length > 0 ? { kind: 'invalid', problems: failing } : { kind: 'valid', values };
}

function schemaProblems(schema: JsonSchema | null, values: Record<string, unknown>): ProfileProblem[] {
  if (schema !== null) return compiled(schema).problems(values);
  return Object.keys(values).map((name) => ({
    path: pointer(name),
    message: 'This profile takes no parameters.',
  }));
}

function compiled(schema: JsonSchema): CompiledSchema {
  const known = compiledSchemas.get(schema);
  if (known !== undefined) return known;
  const fresh = compileSchema(schema, 'fill');
  compiledSchemas.set(schema, fresh);
  return fresh;
}

const underParameters = (problem: ProfileProblem): ProfileProblem => ({
  path: `/parameters${problem.path}`,
  message: problem.message,
});

function conditionProblems(
  definition: ProfileDefinition,
  values: Readonly<Record<string, unknown>>,
): ProfileProblem[] {
  const conditions = definition.phases.flatMap((phase) => [
    phase.when,
    ...phase.steps.map((step) => step.when),
  ]);
  return [...new Set(conditions)].flatMap((condition) => {
    if (condition === null) return [];
    const reason = whyNotEvaluable(condition, values);
    if (reason === null) return [];
    const message = `The condition ${condition} cannot be evaluated on these parameters: ${reason}`;
    return [{ path: '/parameters', message }];
  });
}

function whyNotEvaluable(condition: string, values: Readonly<Record<string, unknown>>): string | null {
  try {
    evaluateCondition(condition, values);
    return null;
  } catch (error) {
    if (error instanceof ConditionError) return error.message;
    throw error;
  }
}
