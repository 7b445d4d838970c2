import { declaredParameters } from '../parameters.js';
import type { ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { ConditionError, conditionParameters } from '../when.js';
import { placedPhases, placedSteps } from './places.js';

/** `when` conditions parse and mention declared parameters only. */
export function conditionProblems(source: ProfileSource): ProfileProblem[] {
  const declared = new Set(declaredParameters(source.parameters ?? null));
  return [...placedPhases(source), ...placedSteps(source)].flatMap(({ item, path }) =>
    item.when === undefined
      ? []
      : conditionMessages(item.when, declared).map((message) => ({ path: `${path}/when`, message })),
  );
}

function conditionMessages(condition: string, declared: ReadonlySet<string>): string[] {
  try {
    return conditionParameters(condition)
      .filter((name) => !declared.has(name))
      .map((name) => `The condition mentions ${name}, which parameters.properties does not declare.`);
  } catch (error) {
    if (error instanceof ConditionError) return [`The condition cannot be used: ${error.message}.`];
    throw error;
  }
}
