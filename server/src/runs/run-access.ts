import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid, version as uuidVersion } from 'uuid';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { DomainError, forbidden, notFound } from '../problems/domain-error.js';
import { RunEntity } from './run.entity.js';

/** What a caller wants of a run. */
export type RunUse = 'read' | 'operate';

/** Who may see and operate a run: its owner, and whoever may read all runs. */
@Injectable()
export class RunAccess {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The run, when the caller may use it so.
   * @throws DomainError 404 when it is unknown or not visible, 403 when it is visible but not to be operated
   */
  async require(principal: Principal, runId: string, use: RunUse): Promise<RunEntity> {
    const run = isRunId(runId)
      ? await this.dataSource.getRepository(RunEntity).findOneBy({ id: runId })
      : null;
    if (run === null || !this.sees(principal, run.ownerId)) throw runNotFound(runId);
    if (use === 'operate' && !principalAllows(principal, 'runs:operate')) {
      throw forbidden('Your role may read this run but not operate it.');
    }
    return run;
  }

  /** Whether the caller sees the runs of that owner. */
  sees(principal: Principal, ownerId: string): boolean {
    return ownerId === principal.userId || principalAllows(principal, 'runs:read_all');
  }
}

/** An id of any other form is simply not found. */
export const isRunId = (id: string): boolean => isUuid(id) && uuidVersion(id) === 7;

export const runNotFound = (id: string): DomainError => notFound('Run', id);
