import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RunInputEntity } from './run-input.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import { RunEntity } from './run.entity.js';

/** Calls that the ledger tells of, or that were not made; one whose outcome is open stays reserved. */
export const ENDED_CALLS = `state IN ('settled', 'released')`;

export interface NewRun {
  readonly run: RunEntity;
  readonly phases: readonly RunPhaseEntity[];
  readonly input: Omit<RunInputEntity, 'search' | 'projectName'>;
}

/** Writes new runs and what is changed of them outside the state machine. */
@Injectable()
export class RunsRepository {
  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async insert(tx: EntityManager, { run, phases, input }: NewRun): Promise<void> {
    await tx.insert(RunEntity, run);
    await tx.insert(RunPhaseEntity, [...phases]);
    await tx.query(
      `INSERT INTO run_inputs (run_id, intake, metadata, parameters, repository, template, project_name, search)
       VALUES ($1, $2, $3, $4, $5, $6, $7, run_search($7, $2))`,
      [
        run.id,
        input.intake,
        JSON.stringify(input.metadata),
        JSON.stringify(input.parameters),
        input.repository === null ? null : JSON.stringify(input.repository),
        input.template,
        run.projectName,
      ],
    );
  }

  async setArchived(tx: EntityManager, id: string, at: Date): Promise<void> {
    await tx.update(RunEntity, { id }, { archivedAt: at });
  }

  /** Erases the run with everything that belongs to it, but for what it used of models. */
  async erase(id: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM model_calls WHERE run_id = $1 AND ${ENDED_CALLS}`, [id]);
    await this.dataSource.getRepository(RunEntity).delete({ id });
  }

  find(id: string): Promise<RunEntity | null> {
    return this.dataSource.getRepository(RunEntity).findOneBy({ id });
  }
}
