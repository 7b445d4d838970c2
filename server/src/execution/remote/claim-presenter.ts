import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtifactsRepository } from '../../artifacts/artifacts.repository.js';
import { AppConfig } from '../../config/app-config.js';
import { RunInputEntity } from '../../runs/run-input.entity.js';
import { RunEntity } from '../../runs/run.entity.js';
import { renderTemplate, type TemplateValues } from '../../workflow/domain/template.js';
import type { Claim } from '../claim.js';
import type { RemoteClaim } from './remote-claims.service.js';
import type { ClaimAnswerDto, ClaimedStepDto } from './worker-answers.dto.js';

/** Puts together what the holder of a claim needs. */
@Injectable()
export class ClaimPresenter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactsRepository,
    private readonly config: AppConfig,
  ) {}

  async present({ claim, token, expiresAt }: RemoteClaim): Promise<ClaimAnswerDto> {
    const { manager } = this.dataSource;
    const run = await manager.findOneByOrFail(RunEntity, { id: claim.runId });
    const input = await manager.findOneByOrFail(RunInputEntity, { runId: claim.runId });
    const current = await this.artifacts.list(claim.runId, 'current');
    const values = {
      parameters: input.parameters,
      intake: input.intake,
      run: { id: run.id, projectName: run.projectName, phase: claim.phase },
    };
    return {
      lease: {
        token,
        expires_at: expiresAt.toISOString(),
        heartbeat_seconds: this.config.limits.heartbeatMs / 1000,
      },
      step: stepOf(claim, run.projectName, values),
      intake: input.intake,
      parameters: input.parameters,
      comment: claim.comment,
      artifacts: current
        .filter((artifact) => artifact.phase !== claim.phase || artifact.attempt === claim.phaseAttempt)
        .map((artifact) => ({
          artifact_id: artifact.id,
          phase: artifact.phase,
          path: artifact.path,
          type: artifact.artifactType,
          size_bytes: artifact.sizeBytes,
          sha256: artifact.sha256,
        })),
    };
  }
}

function stepOf(claim: Claim, projectName: string, values: TemplateValues): ClaimedStepDto {
  const { definition } = claim;
  const agent = definition.executor.kind === 'llm' ? definition.executor : null;
  return {
    id: claim.stepAttemptId,
    run_id: claim.runId,
    project_name: projectName,
    phase: claim.phase,
    step: definition.id,
    agent_id: definition.agent,
    attempt: claim.phaseAttempt,
    try: claim.stepTry,
    executor: definition.executor.kind,
    labels: definition.executor.kind === 'worker' ? [...definition.executor.labels] : [],
    timeout_seconds: definition.timeoutMs / 1000,
    role: agent?.role ?? null,
    task: agent === null ? null : renderTemplate(agent.task, values),
    deliverables: definition.artifacts.map(({ path, type, required, description }) => ({
      path,
      type,
      required,
      description,
    })),
    env: { ...definition.env },
  };
}
