import { IsNull, type EntityManager } from 'typeorm';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { voidVerdicts } from '../governance/domain/void.js';
import { inScope } from '../governance/gates/scope.js';
import { GateResultEntity } from '../governance/gate-result.entity.js';
import type { GateDefinition } from '../workflow/domain/profile.js';
import { ApprovalEntity } from './approval.entity.js';
import { currentPhase, emit, type Change } from './domain/change.js';

/**
 * Decisions and verdicts are about content. After an artifact of the current attempt changed, approvals that were
 * given on the older content, and verdicts that judged it, count no more, and a gate that blocked opens again.
 */
export async function voidWhatJudged(tx: EntityManager, change: Change): Promise<void> {
  const { attempt } = change;
  if (attempt === null) return;
  await voidApprovals(tx, change);
  if (currentPhase(change).status !== 'failed' || attempt.error?.code !== 'governance_blocked') return;
  const current = await tx.findBy(ArtifactEntity, {
    runId: change.run.id,
    phase: attempt.phase,
    attempt: attempt.number,
    superseded: false,
  });
  const verdicts = await tx.findBy(GateResultEntity, { phaseAttemptId: attempt.id, voidedAt: IsNull() });
  const judged = verdicts.map(({ gateId, definition, evidence }) => ({
    gateId,
    definition: definition as GateDefinition,
    evidence,
  }));
  const voided = voidVerdicts(judged, new Map(current.map(({ path, sha256 }) => [path, sha256])), inScope);
  for (const { gateId, reason } of voided) {
    await tx.update(GateResultEntity, { phaseAttemptId: attempt.id, gateId }, { voidedAt: change.now });
    emit(change, 'gate.reopened', 'phase', { gate_id: gateId, reason });
  }
  if (voided.length > 0) attempt.reopenedAt = change.now;
}

async function voidApprovals(tx: EntityManager, change: Change): Promise<void> {
  for (const step of change.steps.filter((candidate) => candidate.executor === 'approval')) {
    if (step.status !== 'waiting') continue;
    const { affected } = await tx.update(
      ApprovalEntity,
      { stepId: step.id, voidedAt: IsNull() },
      { voidedAt: change.now },
    );
    if (affected)
      emit(change, 'approval.voided', step, { reason: 'An artifact changed since.', decisions: affected });
  }
}
