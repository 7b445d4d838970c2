import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { GateSource, PhaseSource, ProfileSource } from '../profile-source.js';
import { placedPhases } from './places.js';

/** An `approval` gate counts who approved in the steps of its phase: it can be met where they ask enough people. */
export function approvalProblems(source: ProfileSource): ProfileProblem[] {
  return placedPhases(source).flatMap(({ item: phase, path }) => {
    const asked = askedPeople(phase);
    return (phase.gates ?? []).flatMap((gate, index) => {
      const wanted = wantedPeople(gate);
      if (wanted <= asked) return [];
      const message =
        `The gate wants the approval of ${people(wanted)}, but the steps of its phase ask ${people(asked)}: ` +
        'add a step with approval to the phase, or raise its count.';
      return [{ path: path + pointer('gates', index, 'approval'), message }];
    });
  });
}

const wantedPeople = ({ approval }: GateSource): number =>
  approval === undefined ? 0 : (approval.count ?? 1);

const askedPeople = ({ steps }: PhaseSource): number =>
  steps.reduce((sum, { approval }) => sum + (approval === undefined ? 0 : (approval.count ?? 1)), 0);

const people = (count: number): string =>
  count === 0 ? 'nobody' : count === 1 ? '1 person' : `${String(count)} people`;
