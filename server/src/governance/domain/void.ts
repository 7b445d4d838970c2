import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { GateVerdict } from './evidence.js';

export interface VoidVerdict {
  readonly gateId: string;
  /** A sentence: what changed. */
  readonly reason: string;
}

/** The part of a verdict that says what was judged. */
export type Judged = Pick<GateVerdict, 'gateId' | 'definition' | 'evidence'>;

/**
 * The verdicts that no longer hold, because what they judged is not what is there now.
 *
 * A gate over artifacts holds while the artifacts in its scope are exactly those it judged, with the same
 * digests: one changed, gone or added makes it void. A `metric` gate may have read a report that was never
 * an artifact: only a report that is an artifact now, with another digest, makes it void. A `budget` gate
 * judges no content and never becomes void by it.
 *
 * @param current SHA-256 (lower-case hex) by path of the artifacts that count now
 * @param inScope whether the gate judges an artifact of this path
 */
export function voidVerdicts(
  verdicts: readonly Judged[],
  current: ReadonlyMap<string, string>,
  inScope: (gate: GateDefinition, path: string) => boolean,
): VoidVerdict[] {
  return verdicts.flatMap((verdict) => {
    const reason = reasonOfChange(verdict, current, inScope);
    return reason === null ? [] : [{ gateId: verdict.gateId, reason }];
  });
}

function reasonOfChange(
  { definition, evidence }: Judged,
  current: ReadonlyMap<string, string>,
  inScope: (gate: GateDefinition, path: string) => boolean,
): string | null {
  for (const { path, sha256 } of evidence) {
    if (sha256 === null) continue;
    const now = current.get(path);
    if (now === undefined && definition.kind !== 'metric') return `${path} is gone since it was judged.`;
    if (now !== undefined && now !== sha256) return `${path} changed since it was judged.`;
  }
  const judged = new Set(evidence.map(({ path }) => path));
  for (const path of current.keys()) {
    if (!judged.has(path) && inScope(definition, path))
      return `${path} was added since the gate was evaluated.`;
  }
  return null;
}
