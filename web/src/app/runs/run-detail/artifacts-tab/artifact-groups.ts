import type { ArtifactList, ArtifactSummary, PhaseInfo } from '../../run-models';

export interface ArtifactGroup {
  readonly phase: string;
  readonly title: string;
  readonly artifacts: readonly ArtifactSummary[];
}

/** The artifacts by phase, in the order of the phases, newest version of a path first. */
export function artifactGroups(list: ArtifactList, phases: readonly PhaseInfo[]): readonly ArtifactGroup[] {
  const order = new Map(phases.map((phase, index) => [phase.phase, { index, title: phase.title }]));
  return Object.entries(list.artifacts_by_phase)
    .map(([phase, artifacts]) => ({
      phase,
      title: order.get(phase)?.title ?? phase,
      artifacts: [...artifacts].sort((a, b) => a.path.localeCompare(b.path) || b.version - a.version),
    }))
    .sort((a, b) => (order.get(a.phase)?.index ?? Infinity) - (order.get(b.phase)?.index ?? Infinity));
}

export interface ArtifactWish {
  readonly id: string | null;
  readonly path: string | null;
  readonly phase: string | null;
}

/** The artifact that the address means: by id, by path, as the first of a phase; else the best one to read first. */
export function chooseArtifact(groups: readonly ArtifactGroup[], wish: ArtifactWish): ArtifactSummary | null {
  const all = groups.flatMap((group) => group.artifacts);
  const newest = all.filter((artifact) => !artifact.superseded);
  return (
    all.find((artifact) => artifact.artifact_id === wish.id) ??
    newest.find((artifact) => artifact.path === wish.path) ??
    newest.find((artifact) => artifact.phase === wish.phase) ??
    newest.findLast((artifact) => artifact.name.endsWith('.md')) ??
    newest.at(-1) ??
    all[0] ??
    null
  );
}
