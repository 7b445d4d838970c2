import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { BudgetAccounts, lineOf } from '../budgets/budget-accounts.js';
import { reachedSentence } from '../budgets/domain/budget.js';
import { once } from '../idempotency/once.js';
import { WorkflowService } from '../workflow/workflow.service.js';
import type { Actor, Change, UsedUpBudget } from './domain/change.js';
import { summarise } from './domain/summarise.js';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { runNotFound } from './run-access.js';
import { saveChange, snapshot } from './run-change-writer.js';
import { RunInputEntity } from './run-input.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import { RunEntity } from './run.entity.js';
import { StepAttemptEntity } from './step-attempt.entity.js';
import { StepEntity } from './step.entity.js';

/**
 * The one way to change a run: loads it under its row lock, lets pure decisions move it, and saves state, events,
 * jobs and the notification in the same transaction.
 */
@Injectable()
export class RunChanges {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workflow: WorkflowService,
    private readonly budgets: BudgetAccounts,
  ) {}

  /**
   * Runs `decide` on the locked run, once for an `Idempotency-Key`. What it throws rolls everything back.
   * @throws DomainError 404 when the run is gone
   */
  async change<T>(
    runId: string,
    actor: Actor,
    decide: (change: Change, tx: EntityManager) => T | Promise<T>,
  ): Promise<T> {
    return this.dataSource.transaction((tx) =>
      once(tx, runId, () => this.changeIn(tx, runId, actor, decide)),
    );
  }

  /** The same within a transaction of the caller's. */
  async changeIn<T>(
    tx: EntityManager,
    runId: string,
    actor: Actor,
    decide: (change: Change, tx: EntityManager) => T | Promise<T>,
    now = new Date(),
  ): Promise<T> {
    const change = await this.load(tx, runId, actor, now);
    const before = snapshot(change);
    const result = await decide(change, tx);
    summarise(change);
    await saveChange(tx, change, before);
    return result;
  }

  private async load(tx: EntityManager, runId: string, actor: Actor, now: Date): Promise<Change> {
    const run = await tx.findOne(RunEntity, { where: { id: runId }, lock: { mode: 'pessimistic_write' } });
    if (run === null) throw runNotFound(runId);
    const input = await tx.findOneOrFail(RunInputEntity, {
      where: { runId },
      select: { runId: true, parameters: true },
    });
    const phases = await tx.find(RunPhaseEntity, { where: { runId }, order: { position: 'ASC' } });
    const current = phases.find((phase) => phase.phase === run.currentPhase);
    const attempt = await loadAttempt(tx, current);
    const steps = attempt === null ? [] : await loadSteps(tx, attempt.id);
    return {
      run,
      definition: (await this.workflow.getVersion(run.profile, run.profileVersion)).definition,
      parameters: input.parameters,
      phases,
      attempt,
      steps,
      tries: steps.length === 0 ? [] : await loadTries(tx, steps),
      usedUp: await this.usedUp(tx, run, now),
      now,
      actor,
      newId: () => v7(),
      random: Math.random,
      events: [],
      jobs: [],
    };
  }

  private async usedUp(tx: EntityManager, run: RunEntity, at: Date): Promise<UsedUpBudget[]> {
    const { ownerId, projectName: project, profile } = run;
    const rows = await this.budgets.reached(tx, { ownerId, project, profile, at });
    return rows.map((row) => ({
      phase: row.kind === 'phase' ? row.subject.slice(profile.length + 1) : null,
      sentence: reachedSentence(lineOf(row)) ?? '',
    }));
  }
}

const loadAttempt = (
  tx: EntityManager,
  phase: RunPhaseEntity | undefined,
): Promise<PhaseAttemptEntity | null> =>
  phase === undefined || phase.attempt === 0 || phase.status === 'pending'
    ? Promise.resolve(null)
    : tx.findOneBy(PhaseAttemptEntity, { runId: phase.runId, phase: phase.phase, number: phase.attempt });

const loadSteps = (tx: EntityManager, phaseAttemptId: string): Promise<StepEntity[]> =>
  tx.find(StepEntity, { where: { phaseAttemptId }, order: { position: 'ASC' } });

async function loadTries(tx: EntityManager, steps: readonly StepEntity[]): Promise<StepAttemptEntity[]> {
  const tries = await tx.find(StepAttemptEntity, { where: { stepId: In(steps.map((step) => step.id)) } });
  return tries.filter((held) => steps.some((step) => step.id === held.stepId && step.tries === held.number));
}
