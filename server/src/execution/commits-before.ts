import { stepDefinition, type Change } from '../runs/domain/change.js';

/** Commits of the steps that are built on; a step without one hands on what it was built on itself. */
export function commitsBefore(change: Change, needs: readonly string[]): string[] {
  const commits = needs.flatMap((need) => {
    const step = change.steps.find((candidate) => candidate.key === need);
    if (step === undefined) return [];
    return step.commit === null ? commitsBefore(change, stepDefinition(change, step).needs) : [step.commit];
  });
  return [...new Set(commits)];
}
