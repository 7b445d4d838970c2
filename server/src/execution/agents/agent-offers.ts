import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ProviderDirectory } from '../../providers/provider-directory.js';
import { WorkflowService } from '../../workflow/workflow.service.js';
import { LocalWorker } from '../local-worker.js';
import { StepClaims } from '../step-claims.js';
import { StepRunner } from '../step-runner.js';

interface OfferedStep {
  readonly runId: string;
  readonly ownerId: string;
  readonly profile: string;
  readonly profileVersion: number;
  readonly phase: string;
  readonly key: string;
}

/** Takes up agent steps that wait, where a provider serves their model. */
@Injectable()
export class AgentOffers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workflow: WorkflowService,
    private readonly providers: ProviderDirectory,
    private readonly claims: StepClaims,
    private readonly runner: StepRunner,
    private readonly worker: LocalWorker,
  ) {}

  /** Does the step, if it still waits and any provider serves it; otherwise it goes on waiting. */
  async take(stepId: string, stop: AbortSignal): Promise<void> {
    const step = await this.waiting(stepId);
    if (step === null || stop.aborted || !(await this.isServed(step))) return;
    const taken = await this.claims.claimWaiting(step.runId, stepId, this.worker.id);
    if (taken.kind === 'claimed') await this.runner.runClaim(taken.claim, stop);
  }

  private async isServed({ ownerId, profile, profileVersion, phase, key }: OfferedStep): Promise<boolean> {
    const { definition } = await this.workflow.getVersion(profile, profileVersion);
    const step = definition.phases.find(({ name }) => name === phase)?.steps.find(({ id }) => id === key);
    if (step?.executor.kind !== 'llm') return false;
    return this.providers.serves({ model: step.executor.model, agent: step.agent, ownerId });
  }

  private async waiting(stepId: string): Promise<OfferedStep | null> {
    const [row] = await this.dataSource.query<OfferedStep[]>(
      `SELECT s.run_id AS "runId", r.owner_id AS "ownerId", r.profile, r.profile_version AS "profileVersion",
         s.phase, s.key
       FROM steps s JOIN runs r ON r.id = s.run_id
       WHERE s.id = $1 AND s.status = 'waiting' AND r.status = 'running'`,
      [stepId],
    );
    return row ?? null;
  }
}
