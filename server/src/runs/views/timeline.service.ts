import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { WorkflowService } from '../../workflow/workflow.service.js';
import type { RunTimelineDto, TimelineAttemptDto, TimelineStepDto } from '../dto/timeline.dto.js';
import { PhaseAttemptEntity } from '../phase-attempt.entity.js';
import { time } from '../present-run.js';
import { RunPhaseEntity } from '../run-phase.entity.js';
import type { RunEntity } from '../run.entity.js';
import { StepEntity } from '../step.entity.js';

/** More attempts than these no picture can show. */
const ATTEMPTS = 200;

/** When everything in a run happened: its phases, their attempts, and the steps of those. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workflow: WorkflowService,
  ) {}

  async of(run: RunEntity): Promise<RunTimelineDto> {
    const { manager } = this.dataSource;
    const [{ definition }, phases, [attempts, total]] = await Promise.all([
      this.workflow.getVersion(run.profile, run.profileVersion),
      manager.find(RunPhaseEntity, { where: { runId: run.id }, order: { position: 'ASC' } }),
      manager.findAndCount(PhaseAttemptEntity, {
        where: { runId: run.id },
        order: { startedAt: 'DESC', number: 'DESC' },
        take: ATTEMPTS,
      }),
    ]);
    const phaseAttemptId = In(attempts.map(({ id }) => id));
    const steps = await manager.find(StepEntity, { where: { phaseAttemptId }, order: { position: 'ASC' } });
    const titles = new Map(definition.phases.map(({ name, title }) => [name, title]));
    return {
      run_id: run.id,
      created_at: run.createdAt.toISOString(),
      completed_at: time(run.completedAt),
      phases: phases.map((phase) => ({
        phase: phase.phase,
        title: titles.get(phase.phase) ?? phase.phase,
        status: phase.status,
        attempts: attempts
          .filter((attempt) => attempt.phase === phase.phase)
          .sort((a, b) => a.number - b.number)
          .map((attempt) => presentAttempt(attempt, phase, steps)),
      })),
      attempts_left_out: total - attempts.length,
    };
  }
}

const presentAttempt = (
  attempt: PhaseAttemptEntity,
  phase: RunPhaseEntity,
  steps: readonly StepEntity[],
): TimelineAttemptDto => ({
  attempt: attempt.number,
  status: attempt.status,
  started_at: attempt.startedAt.toISOString(),
  completed_at: time(attempt.completedAt),
  superseded: attempt.supersededAt !== null || attempt.number !== phase.attempt,
  steps: steps
    .filter((step) => step.phaseAttemptId === attempt.id && step.queuedAt !== null)
    .map(presentStep),
});

const presentStep = (step: StepEntity): TimelineStepDto => ({
  step: step.key,
  status: step.status,
  tries: step.tries,
  queued_at: time(step.queuedAt),
  started_at: time(step.startedAt),
  completed_at: time(step.completedAt),
});
