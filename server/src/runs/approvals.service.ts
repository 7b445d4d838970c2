import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError, forbidden } from '../problems/domain-error.js';
import type { ExecutorDefinition } from '../workflow/domain/profile.js';
import { userActor } from './actor.js';
import { ApprovalEntity } from './approval.entity.js';
import { ALREADY_DECIDED, mayDecide } from './domain/approval-rules.js';
import { emit, stepDefinition, type Change } from './domain/change.js';
import { requestChanges } from './domain/control.js';
import { deliverStep } from './domain/finish-step.js';
import type { StepState } from './domain/run-state.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';

/** What is decided on: a phase, and the one of its approvals where it awaits several. */
export interface DecisionPlace {
  readonly phase: string;
  readonly step: string | null;
}

interface Awaited {
  readonly step: StepState;
  readonly rules: ApprovalDefinition;
  /** Those that count. */
  readonly decisions: readonly ApprovalEntity[];
}

type ApprovalDefinition = Extract<ExecutorDefinition, { kind: 'approval' }>;

/** Decisions of people on phases that await them. */
@Injectable()
export class ApprovalsService {
  constructor(private readonly changes: RunChanges) {}

  /** @throws DomainError 403 where the caller may not decide, 409 `approval_not_awaited`, `already_decided` */
  async approve(run: RunEntity, place: DecisionPlace, comment: string | null, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const { step, rules, decisions } = await awaited(tx, change, place, by);
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
  async reject(run: RunEntity, place: DecisionPlace, comment: string, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const { step } = await awaited(tx, change, place, by);
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

/**
 * The approval that the caller decides on: the one that is named, else the first that they may.
 * @throws DomainError 403, 409 `approval_not_awaited`, `already_decided`, `run_paused`
 */
async function awaited(
  tx: EntityManager,
  change: Change,
  { phase, step: named }: DecisionPlace,
  by: Principal,
): Promise<Awaited> {
  if (change.run.status === 'paused')
    throw new DomainError(409, 'run_paused', 'The run is paused; resume it first.');
  const steps = change.run.status === 'running' && change.run.currentPhase === phase ? change.steps : [];
  const waiting = steps.filter(
    ({ key, status, executor }) =>
      status === 'waiting' && executor === 'approval' && (named === null || key === named),
  );
  let refusal: DomainError | null = null;
  for (const step of waiting) {
    const found = { step, rules: rulesOf(change, step), decisions: await decisionsOn(tx, step) };
    const reason = refusalOf(change, found, by);
    if (reason === null) return found;
    refusal ??= reason;
  }
  const what = named === null ? `Phase ${phase}` : `Step ${named} of ${phase}`;
  throw refusal ?? new DomainError(409, 'approval_not_awaited', `${what} does not await an approval.`);
}

const decisionsOn = (tx: EntityManager, step: StepState): Promise<ApprovalEntity[]> =>
  tx.findBy(ApprovalEntity, { stepId: step.id, voidedAt: IsNull() });

function rulesOf(change: Change, step: StepState): ApprovalDefinition {
  const rules = stepDefinition(change, step).executor;
  if (rules.kind !== 'approval') throw new Error(`Step ${step.key} is no approval`);
  return rules;
}

function refusalOf(change: Change, { rules, decisions }: Awaited, by: Principal): DomainError | null {
  const verdict = mayDecide(rules, change.run.ownerId, by);
  if (verdict !== null) return forbidden(verdict);
  const decided = decisions.some(({ userId }) => userId === by.userId);
  return decided ? new DomainError(409, 'already_decided', ALREADY_DECIDED) : null;
}
