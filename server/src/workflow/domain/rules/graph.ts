import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { PhaseSource, ProfileSource } from '../profile-source.js';
import { findCycle } from '../step-graph.js';
import { placedPhases } from './places.js';

/** `needs` name other steps of the phase and form no cycle. */
export const graphProblems = (source: ProfileSource): ProfileProblem[] =>
  placedPhases(source).flatMap(({ item, path }) => [...unknownNeeds(item, path), ...cycles(item, path)]);

function unknownNeeds(phase: PhaseSource, path: string): ProfileProblem[] {
  const known = new Set(phase.steps.map((step) => step.id));
  return phase.steps.flatMap((step, stepIndex) =>
    (step.needs ?? []).flatMap((need, needIndex) =>
      known.has(need)
        ? []
        : [
            {
              path: path + pointer('steps', stepIndex, 'needs', needIndex),
              message: `The phase ${phase.name} has no step ${need}.`,
            },
          ],
    ),
  );
}

function cycles(phase: PhaseSource, path: string): ProfileProblem[] {
  const cycle = findCycle(phase.steps.map((step) => ({ id: step.id, needs: step.needs ?? [] })));
  if (cycle === null) return [];
  const index = phase.steps.findIndex((step) => step.id === cycle[0]);
  return [
    {
      path: path + pointer('steps', index, 'needs'),
      message: `Steps need one another in a circle: ${cycle.join(' → ')}.`,
    },
  ];
}
