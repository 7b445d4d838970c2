import type { GateDefinition } from '../../workflow/domain/profile.js';
import type { EvaluateGate, GateVerdict, PhaseEvidence } from '../domain/evidence.js';
import { judgeApproval } from './approval-gate.js';
import { judgeArtifact } from './artifact-gate.js';
import { judgeBudget } from './budget-gate.js';
import { judgeForbidden } from './forbidden-gate.js';
import { judgeFreshness } from './freshness-gate.js';
import { judgeLinks } from './links-gate.js';
import { judgeMetric } from './metric-gate.js';
import { judgeSecrets } from './secrets-gate.js';
import { judgeTrace } from './trace-gate.js';
import { verdictOf, type Judgement } from './verdict.js';

/**
 * Evaluates a gate on the evidence of one phase attempt. Throws only where an artifact cannot be read from
 * the store; whatever is wrong with the evidence itself is a verdict.
 * @param furtherFiles paths beside the attempt's artifacts to which a relative link may lead: artifacts of
 *   earlier phases, files of the repository. They are not judged.
 */
export async function evaluateGate(
  gate: GateDefinition,
  evidence: PhaseEvidence,
  furtherFiles: Iterable<string> = [],
): Promise<GateVerdict> {
  return verdictOf(gate, await judge(gate, evidence, furtherFiles));
}

evaluateGate satisfies EvaluateGate;

async function judge(
  gate: GateDefinition,
  evidence: PhaseEvidence,
  furtherFiles: Iterable<string>,
): Promise<Judgement> {
  switch (gate.kind) {
    case 'artifact':
      return judgeArtifact(gate, evidence);
    case 'metric':
      return judgeMetric(gate, evidence);
    case 'secrets':
      return judgeSecrets(gate, evidence);
    case 'links':
      return judgeLinks(gate, evidence, furtherFiles);
    case 'forbidden':
      return judgeForbidden(gate, evidence);
    case 'trace':
      return judgeTrace(gate, evidence);
    case 'freshness':
      return judgeFreshness(gate, evidence);
    case 'budget':
      return judgeBudget(gate, evidence);
    case 'approval':
      return judgeApproval(gate, evidence);
  }
}
