import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { GateSource, ProfileSource, StepSource } from '../profile-source.js';
import { placedGates, placedSteps } from './places.js';

/** Paths and globs are relative and stay inside the workspace. */
export const pathProblems = (source: ProfileSource): ProfileProblem[] =>
  [
    ...placedSteps(source).flatMap(({ item, path }) => stepPaths(item, path)),
    ...placedGates(source).flatMap(({ item, path }) => gatePaths(item, path)),
  ].flatMap(({ path, value }) => {
    const reason = whyUnsafe(value);
    return reason === null ? [] : [{ path, message: `${JSON.stringify(value)} cannot be used: ${reason}.` }];
  });

interface PlacedPath {
  readonly path: string;
  readonly value: string;
}

function stepPaths(step: StepSource, path: string): PlacedPath[] {
  return [
    ...(step.artifacts ?? []).map((artifact, index) => ({
      path: path + pointer('artifacts', index, 'path'),
      value: artifact.path,
    })),
    ...(step.evidence ?? []).flatMap((evidence, index) =>
      Object.entries(evidence).map(([format, value]) => ({
        path: path + pointer('evidence', index, format),
        value,
      })),
    ),
  ];
}

const gatePaths = (gate: GateSource, path: string): PlacedPath[] =>
  (['artifact', 'secrets', 'links', 'freshness', 'trace', 'in'] as const).flatMap((key) => {
    const value = gate[key];
    return value === undefined ? [] : [{ path: path + pointer(key), value }];
  });

/** Why a path or glob may not be used; null where it may. */
function whyUnsafe(path: string): string | null {
  if (/\p{Cc}/u.test(path)) return 'it has a control character';
  if (path.includes('\\')) return 'write forward slashes';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    return 'it is absolute; write it relative to the workspace';
  if (path.startsWith('!')) return 'it is negated; name what is wanted';
  const segments = path.split(/[/{},()|]/);
  if (segments.includes('..')) return 'it leaves the workspace';
  if (segments.some((segment) => segment.toLowerCase() === '.git'))
    return 'the .git folder is never an output';
  return null;
}
