import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { isInside } from '../workspace/repository-source.js';
import type { EarlierArtifact, StepContext } from './executor.js';

/** The files and folders through which a step and the server talk. */
export interface Exchange {
  readonly outputFile: string;
  readonly artifactsDir: string;
  readonly home: string;
  readonly temporary: string;
  /** When the step was given its files, by the clock of the file system. */
  readonly startedAtMs: number;
  /** `ORCHESTRATOR_*`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Marks every process that a step started, for as long as it keeps its environment. */
export const STEP_MARK = 'ORCHESTRATOR_STEP_ATTEMPT_ID';

/** A folder of a step attempt with a short name: sockets are made in it, and their paths are limited to 107 bytes. */
export const temporaryFolder = (stepAttemptId: string): string => join(tmpdir(), `orc-${stepAttemptId}`);

interface ContextArtifact {
  readonly phase: string;
  readonly path: string;
  readonly type: string;
  readonly size_bytes: number;
  readonly sha256: string;
  /** Null where the copy could not be made. */
  readonly file: string | null;
}

/**
 * Writes what a step is given: intake, context and readable copies of the earlier artifacts.
 * @param maxContextBytes artifacts beyond so many bytes in all are named in the context without a copy
 */
export async function prepareExchange(
  context: StepContext,
  store: ArtifactStore,
  maxContextBytes: number,
): Promise<Exchange> {
  const { exchange: folder } = context;
  const exchange = describeExchange(context);
  await rm(exchange.temporary, { recursive: true, force: true });
  await mkdir(exchange.temporary, { mode: 0o700 });
  await Promise.all([exchange.artifactsDir, exchange.home].map((path) => mkdir(path, { recursive: true })));
  await writeFile(join(folder, 'intake.txt'), context.intake ?? '');
  const artifacts = await copyEarlier(context, store, maxContextBytes);
  await writeFile(
    join(folder, 'context.json'),
    `${JSON.stringify(contextOf(context, artifacts), null, 2)}\n`,
  );
  await writeFile(exchange.outputFile, '');
  return { ...exchange, startedAtMs: (await stat(exchange.outputFile)).ctimeMs };
}

/** Removes what lies outside the attempt's own folder. */
export async function clearExchange(stepAttemptId: string): Promise<void> {
  await rm(temporaryFolder(stepAttemptId), { recursive: true, force: true, maxRetries: 3 });
}

function describeExchange(context: StepContext): Omit<Exchange, 'startedAtMs'> {
  const { exchange: folder } = context;
  const outputFile = join(folder, 'output.jsonl');
  const artifactsDir = join(folder, 'artifacts');
  return {
    outputFile,
    artifactsDir,
    home: join(folder, 'home'),
    temporary: temporaryFolder(context.stepAttemptId),
    variables: {
      ORCHESTRATOR_INTAKE: join(folder, 'intake.txt'),
      ORCHESTRATOR_CONTEXT: join(folder, 'context.json'),
      ORCHESTRATOR_OUTPUT: outputFile,
      ORCHESTRATOR_ARTIFACTS: artifactsDir,
      ORCHESTRATOR_RUN_ID: context.runId,
      ORCHESTRATOR_PHASE: context.phase,
      ORCHESTRATOR_STEP: context.step.id,
      ORCHESTRATOR_ATTEMPT: String(context.phaseAttempt),
      [STEP_MARK]: context.stepAttemptId,
    },
  };
}

/** The same for a service elsewhere: with the intake, and with artifacts that are named alone. */
export const contextToSend = (context: StepContext): object => ({
  ...contextOf(
    context,
    context.earlierArtifacts.map(({ sizeBytes, ...artifact }) => ({ ...artifact, size_bytes: sizeBytes })),
  ),
  intake: context.intake,
});

function contextOf(context: StepContext, artifacts: readonly Omit<ContextArtifact, 'file'>[]): object {
  return {
    run: { id: context.runId, project_name: context.projectName },
    phase: context.phase,
    attempt: context.phaseAttempt,
    step: context.step.id,
    try: context.stepTry,
    parameters: context.parameters,
    comment: context.comment,
    artifacts,
  };
}

async function copyEarlier(
  context: StepContext,
  store: ArtifactStore,
  maxContextBytes: number,
): Promise<ContextArtifact[]> {
  const root = join(context.exchange, 'context');
  await mkdir(root, { recursive: true });
  const artifacts: ContextArtifact[] = [];
  let left = maxContextBytes;
  for (const artifact of context.earlierArtifacts) {
    const fits = artifact.sizeBytes <= left;
    const file = fits ? await copyOne(artifact, root, store) : null;
    if (file !== null) left -= artifact.sizeBytes;
    else
      context.log.write(
        'system',
        `No copy of the earlier artifact ${artifact.phase}/${artifact.path} was made\n`,
      );
    const { phase, path, type, sizeBytes, sha256 } = artifact;
    artifacts.push({ phase, path, type, size_bytes: sizeBytes, sha256, file });
  }
  return artifacts;
}

async function copyOne(
  artifact: EarlierArtifact,
  root: string,
  store: ArtifactStore,
): Promise<string | null> {
  const file = join(root, artifact.phase, artifact.path);
  if (!isInside(file, root) || file === root) return null;
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(await store.open(artifact.sha256), createWriteStream(file, { flags: 'wx', mode: 0o444 }));
    return file;
  } catch (error) {
    // Names that cannot stand side by side on a disk: a file `a` and a file `a/b`, or a name too long for it.
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(code)) return null;
    throw error;
  }
}
