import type { ArtifactSummary } from '../../run-models';

/**
 * The artifact that a document means by a relative path: of its own phase, in the newest version that its own attempt or an
 * earlier one made, else the newest.
 */
export function neighbourOf(
  document: ArtifactSummary,
  artifacts: readonly ArtifactSummary[],
  path: string,
): ArtifactSummary | null {
  const wanted = resolvePath(document.path, path);
  const found = artifacts
    .filter((artifact) => artifact.phase === document.phase && artifact.path === wanted)
    .sort((a, b) => b.version - a.version);
  return found.find(({ attempt }) => attempt <= document.attempt) ?? found[0] ?? null;
}

/** A path as seen from the folder of a file; null where it leads out of all folders or cannot be read. */
export function resolvePath(from: string, path: string): string | null {
  const names = decoded(path.split(/[?#]/)[0] ?? '');
  if (names === null) return null;
  const parts = from.split('/').slice(0, -1);
  for (const name of names.split('/')) {
    if (name === '..' && parts.pop() === undefined) return null;
    if (!['..', '.', ''].includes(name)) parts.push(name);
  }
  return parts.join('/');
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    // A percent sign that begins no code: nobody named a file so.
    return null;
  }
}
