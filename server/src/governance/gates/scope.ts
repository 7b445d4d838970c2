import picomatch from 'picomatch';
import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { EvidenceArtifact } from '../domain/evidence.js';
import { isMarkdown } from '../content/markdown.js';

/**
 * Whether a gate judges the artifact of this path. An approval is given to everything the phase produced;
 * `metric` and `budget` gates judge no artifacts.
 */
export function inScope(gate: GateDefinition, path: string): boolean {
  return scopeOf(gate)(path);
}

/** The artifacts a gate judges, in the order of their paths. */
export function artifactsInScope(
  gate: GateDefinition,
  artifacts: readonly EvidenceArtifact[],
): readonly EvidenceArtifact[] {
  const matches = scopeOf(gate);
  return artifacts
    .filter(({ path }) => matches(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

function scopeOf(gate: GateDefinition): (path: string) => boolean {
  switch (gate.kind) {
    case 'artifact':
    case 'forbidden':
    case 'freshness':
    case 'trace':
      return matcher(gate.artifact);
    case 'links': {
      const matches = matcher(gate.artifact);
      return (path) => isMarkdown(path) && matches(path);
    }
    case 'secrets':
      return gate.scope === 'all' ? () => true : matcher(gate.scope);
    case 'approval':
      return () => true;
    case 'metric':
    case 'budget':
      return () => false;
  }
}

/** A path names itself even where it holds characters of a glob, such as `a[1].md`. */
function matcher(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/^\.\//, '');
  const matches = picomatch(plain, { dot: true });
  return (path) => path === plain || matches(path);
}
