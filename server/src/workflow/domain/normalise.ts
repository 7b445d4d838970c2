import type { PhaseDefinition, ProfileDefinition } from './profile.js';
import type { PhaseSource, ProfileSource } from './profile-source.js';
import { normaliseBudget } from './normalise-budget.js';
import { normaliseGate } from './normalise-gate.js';
import { normaliseStep } from './normalise-step.js';

/**
 * Fills in every default of an accepted profile: durations become milliseconds, money a decimal string.
 * @throws RangeError where a duration is malformed, which the schema has ruled out
 */
export function normaliseProfile(source: ProfileSource): ProfileDefinition {
  return {
    apiVersion: source.apiVersion,
    name: source.name,
    title: source.title,
    description: source.description ?? '',
    repository: source.repository ?? 'optional',
    parameters: source.parameters ?? null,
    budget: normaliseBudget(source.budget),
    concurrency: source.concurrency ?? null,
    priority: source.priority ?? 0,
    phases: source.phases.map((phase) => normalisePhase(phase, source.defaults ?? {})),
  };
}

function normalisePhase(
  source: PhaseSource,
  defaults: NonNullable<ProfileSource['defaults']>,
): PhaseDefinition {
  return {
    name: source.name,
    title: source.title ?? source.name,
    optional: source.optional ?? false,
    when: source.when ?? null,
    steps: source.steps.map((step) => normaliseStep(step, defaults)),
    gates: (source.gates ?? []).map(normaliseGate),
    ...(source.budget === undefined ? {} : { budget: normaliseBudget(source.budget) }),
  };
}
