import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError, forbidden } from '../problems/domain-error.js';
import type { ExecutorDefinition } from '../workflow/domain/profile.js';
import { userActor } from './actor.js';
import { ApprovalEntity } from './approval.entity.js';
import { mayDecide } from './domain/approval-rules.js';
import { emit, stepDefinition, type Change } from './domain/change.js';
import { requestChanges } from './domain/control.js';
import { deliverStep } from './domain/finish-step.js';
import type { StepState } from './domain/run-state.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';

type ApprovalDefinition = Extract<ExecutorDefinition, { kind: 'approval' }>;

/** Decisions of people on phases that await them. */
@Injectable()
export class ApprovalsService {
  constructor(private readonly changes: RunChanges) {}

  /** @throws DomainError 403 where the caller may not decide, 409 `approval_not_awaited`, `already_decided` */
  async approve(run: RunEntity, phase: string, comment: string | null, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const { step, rules } = awaited(change, phase);
      const decisions = await tx.findBy(ApprovalEntity, { stepId: step.id, voidedAt: IsNull() });
      assertMayDecide(change, rules, by, decisions);
      await this.record(tx, change, step, by, 'approved', comment);
      emit(change, 'approval.given', step, {
        by: by.name,
        comment,
        given: decisions.length + 1,
        needed: rules.count,
      });
      if (decisions.length + 1 >= rules.count) deliverStep(change, step, { summary: comment, commit: null });
    });
  }

  /** Ends the attempt; a new one is given the comment. @throws DomainError as `approve` */
  async reject(run: RunEntity, phase: string, comment: string, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const { step, rules } = awaited(change, phase);
      assertMayDecide(
        change,
        rules,
        by,
        await tx.findBy(ApprovalEntity, { stepId: step.id, voidedAt: IsNull() }),
      );
      await this.record(tx, change, step, by, 'changes_requested', comment);
      requestChanges(change, comment);
    });
  }

  private async record(
    tx: EntityManager,
    change: Change,
    step: StepState,
    by: Principal,
    decision: ApprovalEntity['decision'],
    comment: string | null,
  ): Promise<void> {
    const judged = await tx.find(ArtifactEntity, {
      where: { runId: change.run.id, superseded: false },
      select: { phase: true, path: true, sha256: true },
    });
    await tx.insert(ApprovalEntity, {
      id: v7(),
      runId: change.run.id,
      stepId: step.id,
      userId: by.userId,
      role: by.role,
      decision,
      comment,
      digests: Object.fromEntries(judged.map(({ phase, path, sha256 }) => [`${phase}/${path}`, sha256])),
      at: change.now,
      voidedAt: null,
    });
  }
}

function awaited(change: Change, phase: string): { step: StepState; rules: ApprovalDefinition } {
  const step =
    change.run.currentPhase === phase
      ? change.steps.find((candidate) => candidate.status === 'waiting' && candidate.executor === 'approval')
      : undefined;
  if (change.run.status !== 'running' || step === undefined) {
    throw new DomainError(409, 'approval_not_awaited', `Phase ${phase} does not await an approval.`);
  }
  const rules = stepDefinition(change, step).executor;
  if (rules.kind !== 'approval') throw new Error(`Step ${step.key} is no approval`);
  return { step, rules };
}

function assertMayDecide(
  change: Change,
  rules: ApprovalDefinition,
  by: Principal,
  decisions: readonly ApprovalEntity[],
): void {
  const verdict = mayDecide(rules, change.run.ownerId, { userId: by.userId, role: by.role });
  if (verdict !== null) throw forbidden(verdict);
  if (decisions.some((decision) => decision.userId === by.userId)) {
    throw new DomainError(
      409,
      'already_decided',
      'You have decided on this already; the others are awaited.',
    );
  }
}
