/** The newest version that a path has so far. */
export interface NewestVersion {
  readonly version: number;
  readonly attempt: number;
  readonly sha256: string;
  readonly superseded: boolean;
}

export type VersionDecision =
  /** The attempt has delivered this content already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'new'; readonly version: number; readonly replaces: 'nothing' | 'current' };

/**
 * Which version a content becomes. The same content again within one attempt of the phase is no new version;
 * in another attempt it is, because verdicts are about the attempt's own artifacts.
 */
export function decideVersion(
  newest: NewestVersion | null,
  delivered: { readonly attempt: number; readonly sha256: string },
): VersionDecision {
  if (newest === null) return { kind: 'new', version: 1, replaces: 'nothing' };
  if (!newest.superseded && newest.attempt === delivered.attempt && newest.sha256 === delivered.sha256) {
    return { kind: 'same' };
  }
  return { kind: 'new', version: newest.version + 1, replaces: newest.superseded ? 'nothing' : 'current' };
}
