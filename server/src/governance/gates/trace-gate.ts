import { compilePattern } from '../../workflow/domain/pattern.js';
import { READING_LIMITS, readText } from '../content/text.js';
import { counted, listed } from '../content/wording.js';
import type { EvidenceArtifact, PhaseEvidence } from '../domain/evidence.js';
import { artifactsInScope } from './scope.js';
import { evidenceOf, type GateOf, type Judgement } from './verdict.js';

/** More identifiers than a person writes; what lies beyond is not looked for. */
const MAX_IDS = 10_000;

/**
 * The identifiers that an artifact defines, of this phase or an earlier one, stand in the artifacts of this phase: so a
 * requirement that design, tests or documentation forgot is found.
 */
export async function judgeTrace(gate: GateOf<'trace'>, evidence: PhaseEvidence): Promise<Judgement> {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const source = [...evidence.artifacts, ...evidence.earlier].find(({ path }) => path === gate.source);
  const threshold = `${percent(gate.min)} of the identifiers of ${gate.source} in ${gate.artifact}`;
  const remedy = `Refer in ${gate.artifact} to every identifier of ${gate.source}, or say there why one is left out.`;
  const unknown = (message: string): Judgement => ({
    ...{ result: 'unknown', threshold, actual: null, message, remedy },
    evidence: artifacts.map((artifact) => evidenceOf(artifact, null)),
  });
  if (source === undefined) return unknown(`${gate.source} is missing: no phase so far has delivered it.`);
  const ids = await identifiersOf(source, gate.pattern);
  if (ids.size === 0)
    return unknown(
      `${gate.source} holds no identifier such as ${gate.pattern} asks for; there is nothing to trace.`,
    );
  if (artifacts.length === 0)
    return unknown(`${gate.artifact} is missing: the phase produced no such artifact.`);
  const found = await identifiersOfAll(artifacts, gate.pattern);
  const missing = [...ids].filter((id) => !found.has(id));
  const covered = ids.size - missing.length;
  return {
    result: covered / ids.size >= gate.min ? 'met' : 'missed',
    threshold,
    actual: `${covered} of ${ids.size}`,
    message:
      missing.length === 0
        ? `${gate.artifact} refers to every one of ${counted(ids.size, 'identifier')} of ${gate.source}.`
        : `${gate.artifact} does not refer to ${listed(missing)} of ${gate.source}.`,
    remedy,
    evidence: [
      ...artifacts.map((artifact) => evidenceOf(artifact, null)),
      // Of an earlier phase, so that it is no content of this one: a rollback voids both.
      {
        path: source.path,
        sha256: null,
        detail: `${counted(ids.size, 'identifier')}, sha256 ${source.sha256}`,
      },
    ],
  };
}

async function identifiersOfAll(
  artifacts: readonly EvidenceArtifact[],
  pattern: string,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const artifact of artifacts) {
    for (const id of await identifiersOf(artifact, pattern)) found.add(id);
  }
  return found;
}

async function identifiersOf(artifact: EvidenceArtifact, pattern: string): Promise<Set<string>> {
  const read = await readText(artifact, READING_LIMITS.perFile);
  return new Set(read.kind === 'binary' ? [] : compilePattern(pattern).all(read.text, MAX_IDS));
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
