import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { placedPhases } from './places.js';

/** Phase names are unique in the profile; step and gate ids in their phase. */
export function uniqueNameProblems(source: ProfileSource): ProfileProblem[] {
  const phaseNames = source.phases.map((phase) => phase.name);
  return [
    ...repeated(phaseNames, (index) => pointer('phases', index, 'name'), 'a phase'),
    ...placedPhases(source).flatMap(({ item, path }) => [
      ...repeated(ids(item.steps), (index) => path + pointer('steps', index, 'id'), 'a step'),
      ...repeated(ids(item.gates ?? []), (index) => path + pointer('gates', index, 'id'), 'a gate'),
    ]),
  ];
}

const ids = (items: readonly { readonly id: string }[]): string[] => items.map((item) => item.id);

function repeated(
  names: readonly string[],
  place: (index: number) => string,
  what: string,
): ProfileProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: place(index), message: `There is already ${what} named ${name}.` }],
  );
}
