import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { collectArtifacts } from '../../artifacts/collect.js';
import type { CollectLimits } from '../../artifacts/collect.js';
import { NotARealFile, openRealFile } from '../../artifacts/real-file.js';
import { systemErrorCode } from '../../artifacts/system-error.js';
import type { Measurement } from '../../governance/domain/evidence.js';
import type { Masker } from '../domain/mask.js';
import { isInside } from '../workspace/repository-source.js';
import { recogniseUsage } from './agent-output.js';
import type { Exchange } from './exchange.js';
import type { ProducedArtifact, StepContext, StepFailure, StepReport } from './executor.js';
import { failure } from './outcome.js';
import { parseOutputLines } from './output-lines.js';
import type { ReportedArtifact, ReportedLines } from './output-lines.js';
import { readDeclaredEvidence } from './step-evidence.js';

export interface ReportLimits {
  readonly artifacts: CollectLimits;
  /** Of one report that is read as evidence. */
  readonly evidenceBytes: number;
}

export interface CollectedReport {
  readonly report: StepReport;
  /** What is wrong with what the step left; null where nothing is. */
  readonly failure: StepFailure | null;
}

const MAX_OUTPUT_BYTES = 5 * 1024 * 1024;

/**
 * Gathers what a step made and measured: its `$ORCHESTRATOR_OUTPUT`, its artifacts, its reports, and the usage
 * that coding agents print. Usage that the step reported itself counts instead of what was printed.
 */
export async function readStepReport(
  context: StepContext,
  exchange: Exchange,
  stdoutTail: string,
  mask: Masker,
  limits: ReportLimits,
): Promise<CollectedReport> {
  const output = await readOutput(exchange.outputFile);
  const lines = parseOutputLines(output.text);
  const reported = locate(context, exchange, lines.artifacts);
  const kept = await collect(context, exchange, reported.inWorkspace, limits.artifacts);
  const evidence = await readDeclaredEvidence(context, exchange, limits.evidenceBytes);
  const warnings = [
    ...output.warnings,
    ...lines.warnings,
    ...reported.warnings,
    ...kept.warnings,
    ...evidence.warnings,
  ];
  const report: StepReport = {
    artifacts: kept.artifacts
      .map((artifact) => withReported(artifact, reported.byPath))
      .map((artifact) => described(artifact, mask)),
    measurements: [...reportedMetrics(context, lines), ...evidence.measurements],
    usage: (lines.usage.length > 0 ? lines.usage : recogniseUsage(stdoutTail)).map((call) => ({
      ...call,
      provider: mask(call.provider),
      model: mask(call.model),
    })),
    summary: lines.summary === null ? null : mask(lines.summary),
    warnings: warnings.map(mask),
  };
  return { report, failure: kept.failure };
}

/** The step owns the file: it may be a link, a pipe, or gone. */
async function readOutput(
  file: string,
): Promise<{ readonly text: string; readonly warnings: readonly string[] }> {
  try {
    const handle = await openRealFile(join(await realpath(join(file, '..')), 'output.jsonl'));
    try {
      const buffer = Buffer.alloc(Math.min((await handle.stat()).size, MAX_OUTPUT_BYTES + 1));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      const text = buffer.subarray(0, Math.min(bytesRead, MAX_OUTPUT_BYTES)).toString('utf8');
      if (bytesRead <= MAX_OUTPUT_BYTES) return { text, warnings: [] };
      // The last line was cut in the middle.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      return { text: whole, warnings: ['only the first 5 MiB of $ORCHESTRATOR_OUTPUT were read'] };
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Another kind of file, or none: the step's other results still count.
    if (!(error instanceof NotARealFile) && systemErrorCode(error) !== 'ENOENT') throw error;
    return { text: '', warnings: ['$ORCHESTRATOR_OUTPUT is not a readable file any more'] };
  }
}

interface Located {
  readonly inWorkspace: readonly ReportedArtifact[];
  /** By the path that the artifact gets. */
  readonly byPath: ReadonlyMap<string, ReportedArtifact>;
  readonly warnings: readonly string[];
}

/** Relative paths are those of the workspace; absolute ones may lie there or in the artifacts folder. */
function locate(context: StepContext, exchange: Exchange, artifacts: readonly ReportedArtifact[]): Located {
  const folders = [context.workspace, exchange.artifactsDir];
  const inWorkspace: ReportedArtifact[] = [];
  const byPath = new Map<string, ReportedArtifact>();
  const warnings: string[] = [];
  for (const artifact of artifacts) {
    const file = isAbsolute(artifact.path) ? artifact.path : join(context.workspace, artifact.path);
    const folder = folders.find((candidate) => isInside(file, candidate) && file !== candidate);
    if (folder === undefined) {
      warnings.push(
        `the reported artifact ${JSON.stringify(artifact.path)} lies outside the workspace: not kept`,
      );
      continue;
    }
    const located = { ...artifact, path: relative(folder, file) };
    byPath.set(located.path.normalize('NFC'), located);
    if (folder === context.workspace) inWorkspace.push(located);
  }
  return { inWorkspace, byPath, warnings };
}

interface Kept {
  readonly artifacts: readonly ProducedArtifact[];
  readonly warnings: readonly string[];
  readonly failure: StepFailure | null;
}

async function collect(
  context: StepContext,
  exchange: Exchange,
  reported: readonly ReportedArtifact[],
  limits: CollectLimits,
): Promise<Kept> {
  const declarations = [
    ...context.step.artifacts,
    ...reported.map((artifact) => ({ ...artifact, path: patternOf(artifact.path), required: false })),
  ];
  const { workspace } = context;
  const collected = await collectArtifacts({
    workspace,
    exchangeArtifactsDir: exchange.artifactsDir,
    declarations,
    limits,
  });
  if (collected.kind === 'failed') return { artifacts: [], warnings: [], failure: collected.failure };
  const paths = new Set(collected.artifacts.map((artifact) => artifact.path));
  const absent = reported
    .filter(({ path }) => !paths.has(path.normalize('NFC')))
    .map(({ path }) => `the reported artifact ${JSON.stringify(path)} was not found: not kept`);
  const warnings = [...collected.warnings, ...absent];
  return { artifacts: collected.artifacts, warnings, failure: missingArtifact(collected.missing) };
}

/** A pattern that matches this path alone; in brackets, since a plain backslash is a character of a name. */
const patternOf = (path: string): string =>
  `./${path.replaceAll(/[[*?(){}]/g, '[$&]').replaceAll('!', '[\\!]')}`;

function missingArtifact(missing: readonly string[]): StepFailure | null {
  if (missing.length === 0) return null;
  const names = missing.map((path) => JSON.stringify(path)).join(', ');
  return failure('missing_artifact', `The step did not make what its profile requires: ${names}`);
}

const withReported = (
  artifact: ProducedArtifact,
  byPath: ReadonlyMap<string, ReportedArtifact>,
): ProducedArtifact => {
  const said = byPath.get(artifact.path);
  const type = said?.type ?? artifact.type;
  return { ...artifact, type, description: said?.description ?? artifact.description };
};

const described = (artifact: ProducedArtifact, mask: Masker): ProducedArtifact => ({
  ...artifact,
  description: artifact.description === null ? null : mask(artifact.description),
});

const reportedMetrics = (context: StepContext, lines: ReportedLines): Measurement[] =>
  [...lines.metrics].map(([name, value]) => ({
    name,
    value,
    source: 'reported',
    sha256: null,
    stepId: context.step.id,
  }));
