import type { GateDefinition } from './profile.js';

/** The rule of a gate as a phrase, such as `tests.pass_rate is at least 1`. */
export function describeGate(gate: GateDefinition): string {
  switch (gate.kind) {
    case 'artifact':
      return describeArtifact(gate);
    case 'metric':
      return `${gate.metric} is ${limits(gate.min, gate.max)}`;
    case 'secrets':
      return `no secrets in ${gate.scope === 'all' ? 'any output' : gate.scope}`;
    case 'links':
      return `relative links in ${gate.artifact} resolve`;
    case 'forbidden':
      return `${gate.artifact} has none of ${gate.patterns.join(', ')}`;
    case 'trace':
      return `${gate.artifact} refers to at least ${String(Math.round(gate.min * 100))} % of the identifiers of ${gate.source}`;
    case 'freshness':
      return `${gate.artifact} is at most ${String(gate.maxAgeMs / 1000)} s old`;
    case 'budget':
      return `usage is at most ${budget(gate.maxCostUsd, gate.maxTokens)}`;
    case 'approval':
      return `approved by ${String(gate.count)} with the role ${gate.role} or higher`;
  }
}

function describeArtifact(gate: Extract<GateDefinition, { kind: 'artifact' }>): string {
  const asked = [
    gate.minSize > 1 ? `at least ${String(gate.minSize)} bytes` : [],
    gate.sections.length > 0 ? `the sections ${gate.sections.join(', ')}` : [],
    gate.schema === null ? [] : 'the form that its JSON Schema asks for',
  ].flat();
  return `${gate.artifact} is there${asked.length === 0 ? '' : ` with ${asked.join(', ')}`}`;
}

const limits = (min: number | null, max: number | null): string =>
  [min === null ? [] : `at least ${String(min)}`, max === null ? [] : `at most ${String(max)}`]
    .flat()
    .join(' and ');

const budget = (maxCostUsd: string | null, maxTokens: number | null): string =>
  [maxCostUsd === null ? [] : `${maxCostUsd} USD`, maxTokens === null ? [] : `${String(maxTokens)} tokens`]
    .flat()
    .join(' and ');
