import { counted } from '../content/wording.js';
import { findSecrets, type SecretFinding } from '../content/secrets.js';
import { describeTally, newTally, readTexts } from '../content/text.js';
import type { PhaseEvidence } from '../domain/evidence.js';
import { judgeFindings, nothingToJudge } from './findings.js';
import { artifactsInScope } from './scope.js';
import type { GateOf, Judgement } from './verdict.js';

/** No credentials in the text artifacts, by secretlint. Verdicts name rule, path and line, never the secret. */
export async function judgeSecrets(gate: GateOf<'secrets'>, evidence: PhaseEvidence): Promise<Judgement> {
  const artifacts = artifactsInScope(gate, evidence.artifacts);
  const tally = newTally();
  const findings: SecretFinding[] = [];
  for await (const { file, text } of readTexts(artifacts, tally))
    findings.push(...(await findSecrets(file.path, text)));
  const scope = { artifacts, tally, threshold: 'no secrets' };
  if (tally.texts === 0) {
    const remedy = 'Let the phase deliver text artifacts, or narrow the gate to those it makes.';
    return nothingToJudge(scope, 'There is no text artifact in which to look for secrets', remedy);
  }
  const found = findings.map(({ path, line, rule }) => ({ path, line, detail: rule }));
  return judgeFindings(scope, found, {
    clean: `No secret in ${counted(tally.texts, 'text artifact')}${describeTally(tally)}.`,
    noun: 'secret',
    remedy:
      'Remove the secrets from the artifacts, revoke them where they were issued, then run the phase again.',
  });
}
