import { counted } from '../content/wording.js';
import { brokenLinks, linkTargets } from '../content/links.js';
import { outlineOf } from '../content/markdown.js';
import { describeTally, newTally, readTexts } from '../content/text.js';
import type { PhaseEvidence } from '../domain/evidence.js';
import { judgeFindings, nothingToJudge, type FoundInArtifact } from './findings.js';
import { artifactsInScope } from './scope.js';
import type { GateOf, Judgement } from './verdict.js';

/** Every relative link and image of the Markdown artifacts leads to a file. */
export async function judgeLinks(
  gate: GateOf<'links'>,
  evidence: PhaseEvidence,
  furtherFiles: Iterable<string>,
): Promise<Judgement> {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const targets = linkTargets([...evidence.artifacts.map(({ path }) => path), ...furtherFiles]);
  const tally = newTally();
  const found: FoundInArtifact[] = [];
  let links = 0;
  for await (const { file, text } of readTexts(artifacts, tally)) {
    const outline = outlineOf(text);
    links += outline?.links.length ?? 0;
    if (outline === null)
      found.push({ path: file.path, line: 1, detail: 'took too long to be read as Markdown' });
    else found.push(...brokenLinks(file.path, outline, targets).map((link) => broken(file.path, link)));
  }
  const scope = { artifacts, tally, threshold: 'no broken relative links' };
  if (tally.texts === 0) {
    const message = `There is no Markdown artifact at ${gate.artifact}`;
    return nothingToJudge(scope, message, `Deliver a Markdown document at ${gate.artifact}.`);
  }
  return judgeFindings(scope, found, {
    clean: `No broken relative link among ${counted(links, 'link')}${describeTally(tally)}.`,
    noun: 'broken link',
    remedy: 'Correct the links or deliver the files they lead to, then run the phase again.',
  });
}

const broken = (path: string, link: { readonly text: string; readonly line: number }): FoundInArtifact => ({
  path,
  line: link.line,
  detail: `leads to ${link.text.slice(0, 200)}`,
});
