import { counted, listed } from '../content/wording.js';
import { describeTally, type ReadingTally } from '../content/text.js';
import type { EvidenceArtifact } from '../domain/evidence.js';
import { evidenceOf, type Judgement } from './verdict.js';

/** What a gate that looks for things in artifacts looked through. */
export interface SearchedScope {
  readonly artifacts: readonly EvidenceArtifact[];
  readonly tally: ReadingTally;
  readonly threshold: string;
}

export interface FoundInArtifact {
  readonly path: string;
  readonly line: number;
  /** What was found, without the content itself. */
  readonly detail: string;
}

/** The judgement of a search that must find nothing; each artifact of the scope is evidence, with its findings. */
export function judgeFindings(
  { artifacts, tally, threshold }: SearchedScope,
  found: readonly FoundInArtifact[],
  words: { readonly clean: string; readonly noun: string; readonly remedy: string },
): Judgement {
  const places = found.map(({ path, line, detail }) => `${path}:${line} (${detail})`);
  return {
    result: found.length === 0 ? 'met' : 'missed',
    threshold,
    actual: counted(found.length, words.noun),
    message: found.length === 0 ? words.clean : `Found ${listed(places)}${describeTally(tally)}.`,
    remedy: words.remedy,
    evidence: evidenceWith(artifacts, found, tally),
  };
}

export const nothingToJudge = (
  { artifacts, tally, threshold }: SearchedScope,
  message: string,
  remedy: string,
): Judgement => ({
  result: 'unknown',
  threshold,
  actual: null,
  message: `${message}${describeTally(tally)}.`,
  remedy,
  evidence: evidenceWith(artifacts, [], tally),
});

function evidenceWith(
  artifacts: readonly EvidenceArtifact[],
  found: readonly FoundInArtifact[],
  tally: ReadingTally,
): Judgement['evidence'] {
  const byPath = Map.groupBy(found, ({ path }) => path);
  return artifacts.map((artifact) =>
    evidenceOf(artifact, detailOf(artifact.path, byPath.get(artifact.path), tally)),
  );
}

function detailOf(
  path: string,
  found: readonly FoundInArtifact[] | undefined,
  { binary, cut, unread }: ReadingTally,
): string | null {
  if (binary.has(path)) return 'binary, not looked at';
  if (unread.has(path)) return 'not looked at: limit reached';
  const parts =
    found === undefined
      ? []
      : [
          listed(
            found.map(({ line, detail }) => `line ${line}: ${detail}`),
            '; ',
          ),
        ];
  if (cut.has(path)) parts.push('only its beginning was looked at');
  return parts.length === 0 ? null : parts.join('; ');
}
