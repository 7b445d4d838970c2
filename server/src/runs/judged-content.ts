import { In, IsNull, type EntityManager } from 'typeorm';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { voidVerdicts } from '../governance/domain/void.js';
import { inScope } from '../governance/gates/scope.js';
import { GateResultEntity } from '../governance/gate-result.entity.js';
import type { GateDefinition } from '../workflow/domain/profile.js';
import { ApprovalEntity } from './approval.entity.js';
import { isOutdated } from './domain/approval-rules.js';
import { askAgain } from './domain/ask-again.js';
import { currentPhase, emit, stepDefinition, type Change } from './domain/change.js';
import { isActive } from './domain/phase-status.js';
import type { PhaseAttemptState, StepState } from './domain/run-state.js';

/**
 * Decisions and verdicts are about content. After an artifact of the current phase changed, approvals of the older
 * content and verdicts on it count no more: in an active attempt the approvals are asked for again, and the gates judge
 * again; one that its gates blocked may be judged again.
 */
export async function voidWhatJudged(tx: EntityManager, change: Change): Promise<void> {
  const { attempt } = change;
  if (attempt === null) return;
  const approvals = await voidApprovals(tx, change);
  const verdicts = await voidGates(tx, change, attempt);
  if (isActive(currentPhase(change).status)) askAgain(change, await undecidedSteps(tx, change));
  else if (attempt.error?.code === 'governance_blocked' && approvals + verdicts > 0)
    attempt.reopenedAt = change.now;
}

/** Approval steps of the attempt that were decided by approvals of which too few count still. */
export async function undecidedSteps(tx: EntityManager, change: Change): Promise<StepState[]> {
  const decided = approvalSteps(change).filter(({ status }) => status === 'succeeded');
  const standing = await standingApprovals(tx, decided);
  return decided.filter((step) => {
    const { executor } = stepDefinition(change, step);
    const given = standing.filter(({ stepId }) => stepId === step.id).length;
    return executor.kind === 'approval' && given < executor.count;
  });
}

async function voidApprovals(tx: EntityManager, change: Change): Promise<number> {
  const steps = approvalSteps(change);
  const standing = await standingApprovals(tx, steps);
  if (standing.length === 0) return 0;
  const current = await digestsOf(tx, change);
  const prefix = `${change.run.currentPhase}/`;
  let voided = 0;
  for (const step of steps) {
    const outdated = standing.filter(({ stepId, digests }) => {
      const own = Object.entries(digests).filter(([name]) => name.startsWith(prefix));
      const judged = new Map(own.map(([name, sha256]) => [name.slice(prefix.length), sha256]));
      return stepId === step.id && isOutdated(judged, current, step.status === 'waiting');
    });
    if (outdated.length === 0) continue;
    voided += outdated.length;
    await tx.update(ApprovalEntity, { id: In(outdated.map(({ id }) => id)) }, { voidedAt: change.now });
    const reason = 'What was approved has changed since.';
    emit(change, 'approval.voided', step, { reason, decisions: outdated.length });
  }
  return voided;
}

async function voidGates(tx: EntityManager, change: Change, attempt: PhaseAttemptState): Promise<number> {
  const verdicts = await tx.findBy(GateResultEntity, { phaseAttemptId: attempt.id, voidedAt: IsNull() });
  if (verdicts.length === 0) return 0;
  const judged = verdicts.map(({ gateId, definition, evidence }) => ({
    gateId,
    definition: definition as GateDefinition,
    evidence,
  }));
  const voided = voidVerdicts(judged, await digestsOf(tx, change, attempt.number), inScope);
  for (const { gateId, reason } of voided) {
    await tx.update(GateResultEntity, { phaseAttemptId: attempt.id, gateId }, { voidedAt: change.now });
    emit(change, 'gate.reopened', 'phase', { gate_id: gateId, reason });
  }
  return voided.length;
}

const approvalSteps = ({ steps }: Change): StepState[] =>
  steps.filter(({ executor }) => executor === 'approval');

const standingApprovals = (tx: EntityManager, steps: readonly StepState[]): Promise<ApprovalEntity[]> =>
  steps.length === 0
    ? Promise.resolve([])
    : tx.findBy(ApprovalEntity, {
        stepId: In(steps.map(({ id }) => id)),
        decision: 'approved',
        voidedAt: IsNull(),
      });

/** SHA-256 by path of the phase's artifacts that count; of one attempt where its number is given. */
async function digestsOf(
  tx: EntityManager,
  { run }: Change,
  attempt?: number,
): Promise<ReadonlyMap<string, string>> {
  const current = await tx.findBy(ArtifactEntity, {
    runId: run.id,
    phase: run.currentPhase,
    superseded: false,
    ...(attempt === undefined ? {} : { attempt }),
  });
  return new Map(current.map(({ path, sha256 }) => [path, sha256]));
}
