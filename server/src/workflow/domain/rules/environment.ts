import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { placedSteps } from './places.js';

const OWN_PREFIX = 'ORCHESTRATOR_';

/** Names of variables and secrets leave the product's own alone and do not contradict one another. */
export const environmentProblems = (source: ProfileSource): ProfileProblem[] =>
  placedSteps(source).flatMap(({ item, path }) => {
    const variables = Object.keys(item.env ?? {});
    const secrets = item.secrets ?? [];
    return [
      ...variables.flatMap((name) => taken(name, path + pointer('env', name))),
      ...secrets.flatMap((name, index) => [
        ...taken(name, path + pointer('secrets', index)),
        ...twice(name, variables, path + pointer('secrets', index)),
      ]),
    ];
  });

const taken = (name: string, path: string): ProfileProblem[] =>
  name.startsWith(OWN_PREFIX)
    ? [{ path, message: `Names that begin with ${OWN_PREFIX} are set by the orchestrator itself.` }]
    : [];

const twice = (name: string, variables: readonly string[], path: string): ProfileProblem[] =>
  variables.includes(name) ? [{ path, message: `${name} is both a variable and a secret.` }] : [];
