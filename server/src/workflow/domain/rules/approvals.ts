import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { GateSource, ProfileSource, StepSource } from '../profile-source.js';
import { placedPhases } from './places.js';

/** An `approval` gate counts who approved in the steps of its phase: it can be met where they ask enough people. */
export function approvalProblems(source: ProfileSource): ProfileProblem[] {
  return placedPhases(source).flatMap(({ item: phase, path }) => {
    const asked = phase.steps.reduce((sum, step) => sum + countOf(step), 0);
    return (phase.gates ?? []).flatMap((gate, index) => {
      const wanted = countOf(gate);
      if (wanted <= asked) return [];
      const message =
        `The gate wants the approval of ${people(wanted)}, but the steps of its phase ask ${people(asked)}: ` +
        'add a step with approval to the phase, or raise its count.';
      return [{ path: path + pointer('gates', index, 'approval'), message }];
    });
  });
}

/** How many people a gate wants, or a step asks. */
const countOf = ({ approval }: GateSource | StepSource): number =>
  approval === undefined ? 0 : (approval.count ?? 1);

const people = (count: number): string =>
  count === 0 ? 'nobody' : count === 1 ? '1 person' : `${String(count)} people`;
