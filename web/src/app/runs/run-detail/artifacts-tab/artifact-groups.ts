import type { ArtifactList, ArtifactSummary, PhaseInfo } from '../../run-models';

export interface ArtifactGroup {
  readonly phase: string;
  readonly title: string;
  readonly artifacts: readonly ArtifactSummary[];
}

/** Which versions are listed. */
export type Versions = 'newest' | 'all';

/** The artifacts by phase, in the order of the phases, newest version of a path first. */
export function artifactGroups(
  list: ArtifactList,
  phases: readonly PhaseInfo[],
  versions: Versions,
): readonly ArtifactGroup[] {
  const order = new Map(phases.map((phase, index) => [phase.phase, { index, title: phase.title }]));
  return Object.entries(list.artifacts_by_phase)
    .map(([phase, artifacts]) => ({
      phase,
      title: order.get(phase)?.title ?? phase,
      artifacts: artifacts.filter(({ superseded }) => versions === 'all' || !superseded).sort(inFolders),
    }))
    .filter(({ artifacts }) => artifacts.length > 0)
    .sort((a, b) => (order.get(a.phase)?.index ?? Infinity) - (order.get(b.phase)?.index ?? Infinity));
}

/** The folders before a file's name, with the last slash; empty for a file in none. */
const folderOf = (path: string): string => /^.*\//.exec(path)?.[0] ?? '';

/** Files in no folder first, then folder by folder; the newest version of each file first. */
const inFolders = (a: ArtifactSummary, b: ArtifactSummary): number =>
  folderOf(a.path).localeCompare(folderOf(b.path)) || a.path.localeCompare(b.path) || b.version - a.version;

/** The folder that begins with this artifact, or null where it is in none or in that of the one before it. */
export function beginningFolder(artifacts: readonly ArtifactSummary[], index: number): string | null {
  const folder = folderOf(artifacts[index]?.path ?? '');
  return folder === '' || folder === folderOf(artifacts[index - 1]?.path ?? '') ? null : folder;
}

export interface ArtifactWish {
  readonly id: string | null;
  readonly path: string | null;
  /** Digest of the very content that is meant, beside its path. */
  readonly sha256: string | null;
  readonly phase: string | null;
}

/** The artifact that the address means: by id, by path and digest, as the first of a phase; else the best one to read first. */
export function chooseArtifact(groups: readonly ArtifactGroup[], wish: ArtifactWish): ArtifactSummary | null {
  const all = groups.flatMap((group) => group.artifacts);
  const newest = all.filter((artifact) => !artifact.superseded);
  return (
    all.find((artifact) => artifact.artifact_id === wish.id) ??
    all.find((artifact) => artifact.path === wish.path && artifact.sha256 === wish.sha256) ??
    newest.find((artifact) => artifact.path === wish.path) ??
    newest.find((artifact) => artifact.phase === wish.phase) ??
    newest.findLast((artifact) => artifact.name.endsWith('.md')) ??
    newest.at(-1) ??
    all[0] ??
    null
  );
}
