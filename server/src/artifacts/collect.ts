import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ProducedArtifact, StepFailure } from '../execution/executors/executor.js';
import { DomainError } from '../problems/domain-error.js';
import type { ArtifactDeclaration } from '../workflow/domain/profile.js';
import { declares } from './declared-artifact.js';
import { normaliseArtifactPath } from './domain/safe-path.js';
import { linksIn, linkWarnings } from './links-in-folder.js';
import { exists, filesMatching, isRealOrAbsent, type Wanted } from './files-matching.js';
import { inspectRealFile } from './real-file.js';

export interface CollectRequest {
  readonly workspace: string;
  /** The step's `$ORCHESTRATOR_ARTIFACTS`: every file below it is an artifact. */
  readonly exchangeArtifactsDir: string;
  readonly declarations: readonly ArtifactDeclaration[];
  readonly limits: CollectLimits;
}

export interface CollectLimits {
  readonly maxArtifactBytes: number;
  /** How many artifacts this step may still add to its run. */
  readonly maxArtifacts: number;
}

export type Collected =
  | {
      readonly kind: 'collected';
      /** One for each path; `file` holds no symbolic link. */
      readonly artifacts: readonly ProducedArtifact[];
      /** Declared as required, but nothing matches. */
      readonly missing: readonly string[];
      /** What was found but not taken, as sentences. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

// A repository's own records and installed packages are nobody's deliverable; naming them in the pattern takes them.
const NEVER_BY_WILDCARD = ['.git', 'node_modules'];
/**
 * Finds what a step left to be kept: files that its declarations match in the workspace, and every file under
 * `$ORCHESTRATOR_ARTIFACTS`, which wins where both have the same path. Symbolic links are never followed.
 * A file that is too large, too many files, or a path that cannot be an artifact's make the step fail.
 */
export async function collectArtifacts(request: CollectRequest): Promise<Collected> {
  const found = new Map<string, ProducedArtifact>();
  const warnings: string[] = [];
  try {
    for (const { path } of request.declarations) {
      const wanted = { folder: request.workspace, pattern: path, ignore: neverByWildcard(path) };
      await take(request, wanted, found, warnings);
    }
    await take(
      request,
      { folder: request.exchangeArtifactsDir, pattern: '**/*', ignore: [] },
      found,
      warnings,
    );
    warnings.push(...linkWarnings(await linksIn(request.exchangeArtifactsDir)));
  } catch (error) {
    // A refusal of one file ends the step; what is no refusal is a bug.
    if (error instanceof DomainError) return { kind: 'failed', failure: failureOf(error) };
    throw error;
  }
  return { kind: 'collected', artifacts: [...found.values()], missing: missingOf(request, found), warnings };
}

async function take(
  request: CollectRequest,
  wanted: Wanted,
  found: Map<string, ProducedArtifact>,
  warnings: string[],
): Promise<void> {
  // The step may have removed the folder that it was given.
  if (!(await exists(wanted.folder))) return;
  const root = join(await realpath(dirname(wanted.folder)), basename(wanted.folder));
  // … or put a link in its place, which would make any folder of this machine an artifact.
  if (!(await isRealOrAbsent(root))) {
    warnings.push(
      `Nothing is kept of ${JSON.stringify(basename(root))}: it is not the folder that was given`,
    );
    return;
  }
  for (const name of await filesMatching(root, wanted)) {
    const real = await inspectRealFile(root, name);
    if (real.kind !== 'file') {
      warnings.push(`Not kept: ${JSON.stringify(name)} (${WHY_NOT_KEPT[real.kind]})`);
      continue;
    }
    const path = normaliseArtifactPath(name);
    if (real.sizeBytes > request.limits.maxArtifactBytes)
      throw tooLarge(path, real.sizeBytes, request.limits);
    found.set(path, { path, file: real.file, ...declaredFor(request.declarations, path) });
    if (found.size > request.limits.maxArtifacts) throw tooMany(request.limits);
  }
}

const neverByWildcard = (pattern: string): string[] =>
  NEVER_BY_WILDCARD.filter((name) => !pattern.includes(name)).map((name) => `**/${name}/**`);

const WHY_NOT_KEPT = {
  missing: 'it disappeared, or its name is not valid UTF-8',
  symlink: 'it is, or lies behind, a symbolic link',
  not_a_file: 'it is not a regular file',
} as const;

const declaredFor = (
  declarations: readonly ArtifactDeclaration[],
  path: string,
): Pick<ProducedArtifact, 'type' | 'description'> => {
  const declaration = declarations.find((candidate) => declares(candidate.path, path));
  return { type: declaration?.type ?? null, description: declaration?.description ?? null };
};

const missingOf = (request: CollectRequest, found: ReadonlyMap<string, unknown>): string[] =>
  request.declarations
    .filter((declaration) => declaration.required)
    .filter((declaration) => ![...found.keys()].some((path) => declares(declaration.path, path)))
    .map((declaration) => declaration.path);

const tooLarge = (path: string, sizeBytes: number, limits: CollectLimits): DomainError =>
  new DomainError(
    413,
    'artifact_too_large',
    `The artifact ${JSON.stringify(path)} has ${String(sizeBytes)} bytes; the limit is ${String(limits.maxArtifactBytes)}.`,
  );

const tooMany = (limits: CollectLimits): DomainError =>
  new DomainError(
    413,
    'too_many_artifacts',
    `The step leaves more than ${String(limits.maxArtifacts)} artifacts, the number its run may still take.`,
  );

/** The same files would be refused again: no reason to try the step another time. */
const failureOf = (error: DomainError): StepFailure => ({
  code: error.code,
  message: error.message,
  retryable: false,
  exitCode: null,
  signal: null,
});
