import { pointer } from '../profile-problem.js';
import type { GateSource, PhaseSource, ProfileSource, StepSource } from '../profile-source.js';

interface Placed<Item> {
  readonly item: Item;
  readonly path: string;
}

/** The phases with their JSON pointers. */
export const placedPhases = (source: ProfileSource): Placed<PhaseSource>[] =>
  source.phases.map((item, index) => ({ item, path: pointer('phases', index) }));

/** All steps with their JSON pointers. */
export const placedSteps = (source: ProfileSource): Placed<StepSource>[] =>
  placedPhases(source).flatMap((phase) =>
    phase.item.steps.map((item, index) => ({ item, path: phase.path + pointer('steps', index) })),
  );

/** All gates with their JSON pointers. */
export const placedGates = (source: ProfileSource): Placed<GateSource>[] =>
  placedPhases(source).flatMap((phase) =>
    (phase.item.gates ?? []).map((item, index) => ({ item, path: phase.path + pointer('gates', index) })),
  );
