import type { PhaseEvidence } from '../domain/evidence.js';
import { evidenceOf, type GateOf, type Judgement } from './verdict.js';

const RANK: ReadonlyMap<string, number> = new Map([
  ['viewer', 0],
  ['member', 1],
  ['admin', 2],
]);

/**
 * Enough people with the role, or a higher one, approved; a person counts once. The approval is about what the
 * phase produced: every artifact is evidence, so that the verdict is void when one changes.
 */
export function judgeApproval(gate: GateOf<'approval'>, evidence: PhaseEvidence): Judgement {
  const needed = RANK.get(gate.role) ?? Infinity;
  const fitting = evidence.approvals.filter(({ role }) => (RANK.get(role) ?? -1) >= needed);
  const people = new Set(fitting.map(({ userId }) => userId)).size;
  const threshold = `${gate.count} by role ${gate.role} or higher`;
  const missing = gate.count - people;
  return {
    result: missing <= 0 ? 'met' : 'missed',
    threshold,
    actual: String(people),
    message: missing <= 0 ? `Approved by ${people}.` : `${missing} of ${gate.count} approvals are missing.`,
    remedy: `Ask ${missing === 1 ? 'a person' : `${missing} people`} with role ${gate.role} to approve the phase.`,
    evidence: evidence.artifacts.map((artifact) => evidenceOf(artifact, null)),
  };
}
