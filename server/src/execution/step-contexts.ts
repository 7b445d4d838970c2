import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThan, Not } from 'typeorm';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunInputEntity } from '../runs/run-input.entity.js';
import { RunPhaseEntity } from '../runs/run-phase.entity.js';
import { RunEntity } from '../runs/run.entity.js';
import { workspaceSource } from '../runs/run-source.js';
import { StepAttemptEntity } from '../runs/step-attempt.entity.js';
import { SecretsService } from '../secrets/secrets.service.js';
import type { StepDefinition } from '../workflow/domain/profile.js';
import { renderTemplate, type TemplateValues } from '../workflow/domain/template.js';
import { CallbackAddresses } from './callback/callback-addresses.js';
import type { EarlierArtifact, StepContext, StepOutcome } from './executors/executor.js';
import { RepositoryUploads } from '../uploads/repository-uploads.service.js';
import type { AttemptCommit } from './workspace/attempt-commit.js';
import type { RepositorySource } from './workspace/repository-source.js';
import { RunWorkspaces } from './workspace/run-workspace.js';
import type { Claim } from './claim.js';

export type OpenedStep =
  | { readonly kind: 'opened'; readonly context: Omit<StepContext, 'log' | 'signal'> }
  | (StepOutcome & { readonly kind: 'failed' });

/** Prepares what a claimed step works with, and saves what it left in its workspace. */
@Injectable()
export class StepContexts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactsRepository,
    private readonly workspaces: RunWorkspaces,
    private readonly callbacks: CallbackAddresses,
    private readonly secrets: SecretsService,
    private readonly uploads: RepositoryUploads,
  ) {}

  /** @throws DomainError where the repository is not to be had, or a secret is missing */
  async open(claim: Claim): Promise<OpenedStep> {
    const { manager } = this.dataSource;
    const [run, input] = await Promise.all([
      manager.findOneByOrFail(RunEntity, { id: claim.runId }),
      manager.findOneByOrFail(RunInputEntity, { runId: claim.runId }),
    ]);
    const from = await this.startOf(claim);
    const opened = await this.workspaces.openAttempt(claim.runId, claim.stepAttemptId, from);
    if (opened.kind === 'failed') return { kind: 'failed', failure: opened.failure, report: NOTHING };
    const context = {
      runId: run.id,
      projectName: run.projectName,
      phase: claim.phase,
      phaseAttempt: claim.phaseAttempt,
      stepAttemptId: claim.stepAttemptId,
      stepTry: claim.stepTry,
      step: rendered(claim.definition, valuesOf(run, input, claim.phase)),
      intake: input.intake,
      parameters: input.parameters,
      comment: claim.comment,
      earlierArtifacts: await this.earlierArtifacts(claim),
      secrets: await this.secrets.release({
        ...{ runId: run.id, stepAttemptId: claim.stepAttemptId },
        ...{ profile: run.profile, project: run.projectName, names: claim.definition.secrets },
      }),
      workspace: opened.workspace,
      exchange: opened.exchange,
      callback: this.callbacks.offer(claim, new Date()),
    };
    return { kind: 'opened', context };
  }

  /**
   * The commits that a claimed step builds on: of the steps it needs, or where its phase starts.
   * @throws DomainError where the repository is not to be had
   */
  async startOf(claim: Claim): Promise<readonly string[]> {
    const { manager } = this.dataSource;
    const [input, attempt] = await Promise.all([
      manager.findOneByOrFail(RunInputEntity, { runId: claim.runId }),
      manager.findOneByOrFail(PhaseAttemptEntity, { id: claim.phaseAttemptId }),
    ]);
    const base = attempt.baseCommit ?? (await this.chooseBase(attempt, input));
    return claim.parentCommits.length > 0 ? claim.parentCommits : [base];
  }

  /** Commits what the step left in its workspace. */
  save(claim: Claim): Promise<AttemptCommit> {
    const message = `${claim.phase}/${claim.definition.id}: what the step left (attempt ${String(claim.phaseAttempt)})`;
    return this.workspaces.commitAttempt(claim.runId, claim.stepAttemptId, message);
  }

  close(claim: Claim): Promise<void> {
    return this.workspaces.closeAttempt(claim.runId, claim.stepAttemptId);
  }

  /** Ids of the tries of the step up to the claimed one. */
  async earlierTries(claim: Claim): Promise<string[]> {
    const tries = await this.dataSource.manager.findBy(StepAttemptEntity, { stepId: claim.stepId });
    return tries.filter((held) => held.number <= claim.stepTry).map((held) => held.id);
  }

  /** An attempt starts from the newest checkpoint of the phases before it, or from the run's source. */
  private async chooseBase(attempt: PhaseAttemptEntity, input: RunInputEntity): Promise<string> {
    const source = await this.workspaces.prepare(attempt.runId, this.sourceOf(input));
    const { manager } = this.dataSource;
    const { position } = await manager.findOneByOrFail(RunPhaseEntity, {
      runId: attempt.runId,
      phase: attempt.phase,
    });
    const [before] = await manager.find(RunPhaseEntity, {
      where: { runId: attempt.runId, position: LessThan(position), checkpoint: Not(IsNull()) },
      order: { position: 'DESC' },
      take: 1,
    });
    const base = before?.checkpoint ?? source.baseCommit;
    await manager.update(PhaseAttemptEntity, { id: attempt.id, baseCommit: IsNull() }, { baseCommit: base });
    return base;
  }

  private sourceOf({ repository }: RunInputEntity): RepositorySource {
    return workspaceSource(repository, (id) => this.uploads.open(id));
  }

  /** Newest versions of what the phases before, and the steps before in this attempt, have delivered. */
  private async earlierArtifacts(claim: Claim): Promise<EarlierArtifact[]> {
    const current = await this.artifacts.list(claim.runId, 'current');
    return current
      .filter((artifact) => artifact.phase !== claim.phase || artifact.attempt === claim.phaseAttempt)
      .map(({ phase, path, artifactType: type, sizeBytes, sha256 }) => ({
        phase,
        path,
        type,
        sizeBytes,
        sha256,
      }));
  }
}

const NOTHING = { artifacts: [], measurements: [], usage: [], summary: null, warnings: [] } as const;

const valuesOf = (run: RunEntity, input: RunInputEntity, phase: string): TemplateValues => ({
  parameters: input.parameters,
  intake: input.intake,
  run: { id: run.id, projectName: run.projectName, phase },
});

/** The step with the templates of its call or task filled in; commands take their values from the environment instead. */
function rendered(step: StepDefinition, values: TemplateValues): StepDefinition {
  const { executor } = step;
  if (executor.kind === 'llm' || executor.kind === 'agent_cli')
    return { ...step, executor: { ...executor, task: renderTemplate(executor.task, values) } };
  if (executor.kind !== 'http') return step;
  const json = /json/i.test(executor.headers['content-type'] ?? executor.headers['Content-Type'] ?? 'json');
  return {
    ...step,
    executor: {
      ...executor,
      url: renderTemplate(executor.url, values),
      body: executor.body === null ? null : renderTemplate(executor.body, values, json ? 'json' : 'text'),
    },
  };
}
