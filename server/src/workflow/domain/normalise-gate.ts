import { normaliseBudget } from './normalise-budget.js';
import { milliseconds } from './normalise-step.js';
import type { GateDefinition } from './profile.js';
import type { GateSource } from './profile-source.js';

/** Fills in a gate; its kind is told by its key. */
export function normaliseGate(source: GateSource): GateDefinition {
  const base = {
    id: source.id,
    severity: source.severity ?? 'block',
    weight: source.weight ?? 1,
    remedy: source.remedy ?? null,
  };
  return { ...base, ...ruleOf(source) };
}

type GateRule = GateDefinition extends infer Gate
  ? Gate extends GateDefinition
    ? Omit<Gate, 'id' | 'severity' | 'weight' | 'remedy'>
    : never
  : never;

function ruleOf(source: GateSource): GateRule {
  return measuredRule(source) ?? contentRule(source) ?? decisionRule(source) ?? artifactRule(source);
}

function measuredRule(source: GateSource): GateRule | null {
  if (source.metric !== undefined) {
    return { kind: 'metric', metric: source.metric, min: source.min ?? null, max: source.max ?? null };
  }
  return source.budget === undefined ? null : { kind: 'budget', ...normaliseBudget(source.budget) };
}

function contentRule(source: GateSource): GateRule | null {
  if (source.secrets !== undefined) return { kind: 'secrets', scope: source.secrets };
  if (source.links !== undefined) {
    return { kind: 'links', artifact: source.links === 'all' ? '**' : source.links };
  }
  if (source.forbidden !== undefined) {
    const patterns = typeof source.forbidden === 'string' ? [source.forbidden] : source.forbidden;
    return { kind: 'forbidden', patterns, artifact: source.artifact ?? '**' };
  }
  if (source.trace !== undefined) return traceRule(source, source.trace);
  if (source.freshness === undefined) return null;
  return { kind: 'freshness', artifact: source.freshness, maxAgeMs: milliseconds(source.max_age ?? '') };
}

const traceRule = (gate: GateSource, source: string): GateRule => ({
  kind: 'trace',
  source,
  pattern: gate.pattern ?? REQUIREMENT,
  artifact: gate.in ?? '**',
  min: gate.min ?? 1,
});

/** R1, R2 … */
const REQUIREMENT = String.raw`\bR[0-9]+\b`;

function decisionRule(source: GateSource): GateRule | null {
  if (source.approval === undefined) return null;
  return { kind: 'approval', role: source.approval.role ?? 'member', count: source.approval.count ?? 1 };
}

function artifactRule(source: GateSource): GateRule {
  if (source.artifact === undefined) throw new RangeError(`Gate ${source.id} has no kind`);
  return {
    kind: 'artifact',
    artifact: source.artifact,
    minSize: source.min_size ?? 1,
    sections: source.sections ?? [],
    schema: source.schema ?? null,
  };
}
