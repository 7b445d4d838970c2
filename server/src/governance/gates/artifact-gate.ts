import { counted, describeSize, listed } from '../content/wording.js';
import { READING_LIMITS, readText } from '../content/text.js';
import { outlineOf } from '../content/markdown.js';
import type { EvidenceArtifact, PhaseEvidence } from '../domain/evidence.js';
import { compileSchema, type SchemaCheck } from './json-schema.js';
import { artifactsInScope } from './scope.js';
import { evidenceOf, type GateOf, type Judgement } from './verdict.js';

type ArtifactGate = GateOf<'artifact'>;

/** Present, large enough, with its sections, valid JSON by its schema. Of a glob, every match must be. */
export async function judgeArtifact(gate: ArtifactGate, evidence: PhaseEvidence): Promise<Judgement> {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const threshold = thresholdOf(gate);
  const remedy = `Deliver ${gate.artifact} with what the gate asks for, then run the phase again.`;
  if (artifacts.length === 0) {
    const message = `${gate.artifact} is missing: the phase produced no such artifact.`;
    return { result: 'unknown', threshold, actual: null, message, remedy, evidence: [] };
  }
  const schema = gate.schema === null ? null : compileSchema(gate.schema);
  const judged: { artifact: EvidenceArtifact; flaws: readonly string[] }[] = [];
  for (const artifact of artifacts) judged.push({ artifact, flaws: await flawsOf(gate, schema, artifact) });
  const flawed = judged.filter(({ flaws }) => flaws.length > 0);
  return {
    result: flawed.length === 0 ? 'met' : 'missed',
    threshold,
    actual: actualOf(artifacts),
    message:
      flawed.length === 0
        ? `${listed(artifacts.map(({ path }) => path))}: present and complete.`
        : listed(
            flawed.map(({ artifact, flaws }) => `${artifact.path} ${flaws.join('; ')}`),
            ' · ',
          ),
    remedy,
    evidence: judged.map(({ artifact, flaws }) => evidenceOf(artifact, flaws.join('; ') || null)),
  };
}

function thresholdOf(gate: ArtifactGate): string {
  const parts = [`at least ${describeSize(gate.minSize)}`];
  if (gate.sections.length > 0) parts.push(`sections ${gate.sections.join(', ')}`);
  if (gate.schema !== null) parts.push('valid by its schema');
  return parts.join('; ');
}

function actualOf(artifacts: readonly EvidenceArtifact[]): string {
  const sizes = artifacts.map(({ sizeBytes }) => sizeBytes);
  const smallest = describeSize(Math.min(...sizes));
  return artifacts.length === 1
    ? smallest
    : `${counted(artifacts.length, 'artifact')}, the smallest ${smallest}`;
}

async function flawsOf(
  gate: ArtifactGate,
  schema: SchemaCheck | null,
  artifact: EvidenceArtifact,
): Promise<readonly string[]> {
  if (artifact.sizeBytes === 0) return ['is empty'];
  const flaws: string[] = [];
  if (artifact.sizeBytes < gate.minSize) {
    flaws.push(`has ${describeSize(artifact.sizeBytes)}, fewer than ${describeSize(gate.minSize)}`);
  }
  const read = await readText(artifact, READING_LIMITS.perFile);
  const mustBeJson = schema !== null || /\.json$/i.test(artifact.path);
  if (read.kind === 'binary') {
    if (mustBeJson || gate.sections.length > 0) flaws.push('is binary and cannot be judged');
    return flaws;
  }
  if (read.text.trim() === '') flaws.push('holds nothing but white space');
  if (gate.sections.length > 0) flaws.push(...missingSections(gate.sections, read.text, read.cut));
  if (mustBeJson) flaws.push(...jsonFlaws(schema, read.text, read.cut));
  return flaws;
}

function missingSections(sections: readonly string[], text: string, cut: boolean): readonly string[] {
  const outline = outlineOf(text);
  if (outline === null) return ['took too long to be read as Markdown'];
  const present = new Set(outline.headings.map((heading) => headingKey(heading.text)));
  const missing = sections.filter((section) => !present.has(headingKey(section)));
  if (missing.length === 0) return [];
  const where = cut ? ` in its first ${describeSize(READING_LIMITS.perFile)}` : '';
  return [`lacks the ${missing.length === 1 ? 'section' : 'sections'} ${missing.join(', ')}${where}`];
}

/** Headings are compared without case, numbering (`2.1 Scope`, `3) Scope`), closing colon and spacing. */
const headingKey = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/^[\s\d.]*\d[.):]?\s+/, '')
    .replace(/:\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();

function jsonFlaws(schema: SchemaCheck | null, text: string, cut: boolean): readonly string[] {
  if (cut) return [`is larger than ${describeSize(READING_LIMITS.perFile)} and cannot be judged as JSON`];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return ['is not valid JSON'];
    throw error;
  }
  return schema?.(value) ?? [];
}
