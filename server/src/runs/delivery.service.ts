import { Injectable } from '@nestjs/common';
import { UsageRepository } from '../agents/usage.repository.js';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError, notFound } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { assertDelivered } from './deliverables.js';
import type { Change } from './domain/change.js';
import { deliverStep } from './domain/finish-step.js';
import type { StepState } from './domain/run-state.js';
import type { CompleteStepDto } from './dto/advance.dto.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';

/** Completes steps that a person did by hand: the deliverables were uploaded before. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly changes: RunChanges,
    private readonly usage: UsageRepository,
  ) {}

  /**
   * Completes a step that waits for an agent or a worker.
   * @throws DomainError 404 unknown step, 409 `step_not_waiting`, `run_paused`, `deliverables_missing`
   */
  async complete(
    run: RunEntity,
    phase: string,
    key: string,
    asked: CompleteStepDto,
    by: Principal,
  ): Promise<void> {
    await this.changes.change(run.id, userActor(by), async (change, tx) => {
      const step = waitingStep(change, phase, key);
      await assertDelivered(tx, change, step);
      await this.usage.record(tx, change, { ...placeOf(change, step), at: change.now }, callsOf(asked));
      deliverStep(change, step, { summary: asked.summary ?? null, commit: null });
    });
  }
}

function waitingStep(change: Change, phase: string, key: string): StepState {
  const known = change.definition.phases.find((candidate) => candidate.name === phase);
  if (!known?.steps.some((candidate) => candidate.id === key)) throw notFound('Step', `${phase}/${key}`);
  const step =
    change.run.currentPhase === phase ? change.steps.find((candidate) => candidate.key === key) : undefined;
  if (change.run.status === 'paused')
    throw new DomainError(409, 'run_paused', 'The run is paused; resume it first.');
  if (step?.status !== 'waiting' || step.executor === 'approval') {
    const detail = `Step ${key} does not wait to be delivered; it is ${step?.status ?? 'pending'}.`;
    throw new DomainError(409, 'step_not_waiting', detail);
  }
  return step;
}

const placeOf = (change: Change, step: StepState) => ({
  runId: change.run.id,
  phaseAttemptId: step.phaseAttemptId,
  phase: step.phase,
  step: step.key,
  agentId: step.agentId,
});

const callsOf = (asked: CompleteStepDto) =>
  (asked.usage ?? []).map((call) => ({
    provider: call.provider,
    model: call.model,
    inputTokens: call.input_tokens,
    outputTokens: call.output_tokens,
    cacheReadTokens: call.cache_read_tokens ?? 0,
    cacheWriteTokens: call.cache_write_tokens ?? 0,
    reportedCostUsd: null,
  }));
