import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { GateResultEntity } from '../governance/gate-result.entity.js';
import { ApprovalEntity } from './approval.entity.js';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { RunInputEntity } from './run-input.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import { RunEntity } from './run.entity.js';
import { StepEntity } from './step.entity.js';

/** What was done in some attempts of phases, and decided on it. */
export interface AttemptRecords {
  readonly attempts: readonly PhaseAttemptEntity[];
  readonly steps: readonly StepEntity[];
  readonly gates: readonly GateResultEntity[];
  readonly approvals: readonly ApprovalEntity[];
  readonly people: ReadonlyMap<string, UserEntity>;
}

/** All phases; of each that has started the newest attempt. */
export interface PhaseRecords extends AttemptRecords {
  readonly phases: readonly RunPhaseEntity[];
}

/** A run with one attempt of one phase. */
export interface AttemptFacts {
  readonly run: RunEntity;
  readonly attempt: PhaseAttemptEntity | null;
}

/** Reads the parts of one run. */
@Injectable()
export class RunReadsRepository {
  constructor(private readonly dataSource: DataSource) {}

  input(runId: string): Promise<RunInputEntity> {
    return this.dataSource.getRepository(RunInputEntity).findOneByOrFail({ runId });
  }

  user(id: string): Promise<UserEntity> {
    return this.dataSource.getRepository(UserEntity).findOneByOrFail({ id });
  }

  /** Everything the run's page shows of its phases, in the newest attempts. */
  async phases(runId: string): Promise<PhaseRecords> {
    const manager = this.dataSource.manager;
    const phases = await manager.find(RunPhaseEntity, { where: { runId }, order: { position: 'ASC' } });
    const attempts = await this.newestAttempts(runId, phases);
    return { phases, ...(await this.recordsOf(runId, attempts)) };
  }

  /** Every attempt of a phase, newest first. */
  async attempts(runId: string, phase: string): Promise<AttemptRecords> {
    const attempts = await this.dataSource.manager.find(PhaseAttemptEntity, {
      where: { runId, phase },
      order: { number: 'DESC' },
    });
    return this.recordsOf(runId, attempts);
  }

  /** The run as it is now, with that attempt of a phase, of the same moment; null asks for none. */
  attempt(runId: string, phase: string, number: number | null): Promise<AttemptFacts> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => ({
      run: await tx.findOneByOrFail(RunEntity, { id: runId }),
      attempt: number === null ? null : await tx.findOneBy(PhaseAttemptEntity, { runId, phase, number }),
    }));
  }

  private async recordsOf(runId: string, attempts: readonly PhaseAttemptEntity[]): Promise<AttemptRecords> {
    const manager = this.dataSource.manager;
    const phaseAttemptId = In(attempts.map((attempt) => attempt.id));
    const [steps, gates, approvals] = await Promise.all([
      manager.find(StepEntity, { where: { phaseAttemptId }, order: { position: 'ASC' } }),
      manager.find(GateResultEntity, { where: { phaseAttemptId }, order: { id: 'ASC' } }),
      manager.find(ApprovalEntity, { where: { runId }, order: { at: 'ASC' } }),
    ]);
    return { attempts, steps, gates, approvals, people: await this.people(approvals) };
  }

  private async newestAttempts(
    runId: string,
    phases: readonly RunPhaseEntity[],
  ): Promise<readonly PhaseAttemptEntity[]> {
    const all = await this.dataSource.manager.find(PhaseAttemptEntity, { where: { runId } });
    return phases.flatMap((phase) =>
      phase.status === 'pending'
        ? []
        : all.filter((attempt) => attempt.phase === phase.phase && attempt.number === phase.attempt),
    );
  }

  private async people(approvals: readonly ApprovalEntity[]): Promise<ReadonlyMap<string, UserEntity>> {
    if (approvals.length === 0) return new Map();
    const ids = [...new Set(approvals.map((approval) => approval.userId))];
    const users = await this.dataSource.manager.find(UserEntity, { where: { id: In(ids) } });
    return new Map(users.map((user) => [user.id, user]));
  }
}
