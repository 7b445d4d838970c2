import { counted } from '../content/wording.js';
import { describeTally, lineAt, newTally, readTexts } from '../content/text.js';
import { withinTime } from '../content/within-time.js';
import type { PhaseEvidence } from '../domain/evidence.js';
import { judgeFindings, nothingToJudge, type FoundInArtifact } from './findings.js';
import { artifactsInScope } from './scope.js';
import type { GateOf, Judgement } from './verdict.js';

/** Per pattern and artifact: time, and matches that are counted. */
const SEARCH_MS = 1000;
const MATCHES = 100;

/**
 * None of the patterns (JavaScript regular expressions; `^` and `$` match at lines) occurs in the text
 * artifacts. A pattern that is invalid or takes too long counts as found: what was not looked through never passes.
 */
export async function judgeForbidden(gate: GateOf<'forbidden'>, evidence: PhaseEvidence): Promise<Judgement> {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const tally = newTally();
  const found: FoundInArtifact[] = [];
  const slow = new Set<string>();
  for await (const { file, text } of readTexts(artifacts, tally)) {
    for (const pattern of gate.patterns.filter((each) => !slow.has(each))) {
      const matches = search(pattern, text);
      if (typeof matches === 'string') {
        slow.add(pattern);
        found.push({ path: file.path, line: 1, detail: `${pattern} ${matches}` });
      } else found.push(...matches.map((line) => ({ path: file.path, line, detail: `matches ${pattern}` })));
    }
  }
  const scope = { artifacts, tally, threshold: `none of ${counted(gate.patterns.length, 'pattern')}` };
  if (tally.texts === 0) {
    const message = `There is no text artifact at ${gate.artifact} to look through`;
    return nothingToJudge(scope, message, `Deliver a text artifact at ${gate.artifact}.`);
  }
  return judgeFindings(scope, found, {
    clean: `No forbidden pattern in ${counted(tally.texts, 'text artifact')}${describeTally(tally)}.`,
    noun: 'finding',
    remedy: 'Remove what matches the patterns, then run the phase again.',
  });
}

/** The lines with matches (at most a hundred), or what kept the pattern from being looked for. */
function search(pattern: string, text: string): readonly number[] | string {
  const lines = new Set<number>();
  try {
    const searched = withinTime(SEARCH_MS, () => {
      for (const match of text.matchAll(new RegExp(pattern, 'gm'))) {
        // A leading \s may begin on an earlier line than what it was written to find.
        lines.add(lineAt(text, match.index + Math.max(0, match[0].search(/\S/))));
        if (lines.size >= MATCHES) return;
      }
    });
    return searched.kind === 'timed_out' && lines.size === 0 ? 'took too long' : [...lines];
  } catch (error) {
    if (error instanceof SyntaxError) return 'is not a valid pattern';
    throw error;
  }
}
