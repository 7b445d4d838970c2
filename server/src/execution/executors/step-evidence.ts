import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { inspectRealFile, openRealFile } from '../../artifacts/real-file.js';
import type { Measurement } from '../../governance/domain/evidence.js';
import { mergeMeasurements } from '../../governance/evidence/merge-measurements.js';
import { readEvidence } from '../../governance/evidence/read-evidence.js';
import type { EvidenceReading } from '../../governance/evidence/read-evidence.js';
import { EVIDENCE_FORMATS } from '../../workflow/domain/profile.js';
import type { EvidenceDeclaration, EvidenceFormat } from '../../workflow/domain/profile.js';
import type { Exchange } from './exchange.js';
import type { StepContext } from './executor.js';

export interface StepEvidence {
  readonly measurements: readonly Measurement[];
  readonly warnings: readonly string[];
}

const MAX_REPORTS = 1000;

/**
 * Reads the reports that a step's profile declares, from its workspace and its artifacts folder. A report that
 * the step did not write itself is not evidence of this attempt: it came with the repository.
 */
export async function readDeclaredEvidence(
  context: StepContext,
  exchange: Exchange,
  maxBytes: number,
): Promise<StepEvidence> {
  const measurements: Measurement[] = [];
  const warnings: string[] = [];
  for (const format of EVIDENCE_FORMATS) {
    const declarations = context.step.evidence.filter((declaration) => declaration.format === format);
    const readings: EvidenceReading[] = [];
    for (const declaration of declarations) {
      const found = await readOne(context, exchange, declaration, maxBytes);
      readings.push(...found.readings);
      warnings.push(...found.warnings);
    }
    measurements.push(...mergeMeasurements(readings.flatMap((reading) => reading.measurements)));
    warnings.push(...readings.flatMap((reading) => reading.warnings));
  }
  return { measurements, warnings };
}

interface Found {
  readonly readings: EvidenceReading[];
  readonly warnings: string[];
}

async function readOne(
  context: StepContext,
  exchange: Exchange,
  declaration: EvidenceDeclaration,
  maxBytes: number,
): Promise<Found> {
  const found: Found = { readings: [], warnings: [] };
  for (const folder of [context.workspace, exchange.artifactsDir]) {
    const root = await realpath(folder);
    const names = await filesOf(root, declaration.path);
    for (const name of names.slice(0, MAX_REPORTS)) {
      const report = await readReport(root, name, exchange.startedAtMs, maxBytes);
      if (report.kind === 'refused')
        found.warnings.push(`${JSON.stringify(name)} is not evidence: ${report.why}`);
      else found.readings.push(await evidenceOf(declaration.format, report.content, name, context.step.id));
    }
  }
  const nothing = found.readings.length === 0 && found.warnings.length === 0;
  if (nothing) found.warnings.push(`no ${declaration.format} report at ${JSON.stringify(declaration.path)}`);
  return found;
}

function evidenceOf(
  format: EvidenceFormat,
  content: Buffer,
  path: string,
  stepId: string,
): Promise<EvidenceReading> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return readEvidence(format, content, { path, sha256, stepId });
}

async function filesOf(root: string, pattern: string): Promise<string[]> {
  const files = await glob(pattern, {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: pattern.includes('node_modules') ? ['**/.git/**'] : ['**/.git/**', '**/node_modules/**'],
  });
  return files.sort();
}

type Report =
  { readonly kind: 'read'; readonly content: Buffer } | { readonly kind: 'refused'; readonly why: string };

async function readReport(root: string, name: string, since: number, maxBytes: number): Promise<Report> {
  const found = await inspectRealFile(root, name);
  if (found.kind !== 'file') return { kind: 'refused', why: 'it is not a regular file of the workspace' };
  if (found.sizeBytes > maxBytes) return { kind: 'refused', why: `it is larger than ${maxBytes} bytes` };
  const handle = await openRealFile(found.file);
  try {
    // The time of the last change of the file's record: unlike its modification time, a program cannot set it.
    if ((await handle.stat()).ctimeMs < since) return { kind: 'refused', why: 'this step did not write it' };
    const buffer = Buffer.alloc(maxBytes < found.sizeBytes ? maxBytes : found.sizeBytes);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return { kind: 'read', content: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}
