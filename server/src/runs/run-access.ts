import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid, version as uuidVersion } from 'uuid';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { DomainError, forbidden, notFound } from '../problems/domain-error.js';
import { RUN_USES, type RunRelation, type RunUse, type ShareRole } from './domain/run-uses.js';
import { RunEntity } from './run.entity.js';

/** Who may use a run how: its owner, with whom it is shared, and whoever may read all runs. */
@Injectable()
export class RunAccess {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The run, when the caller may use it so.
   * @throws DomainError 404 when it is unknown or not visible, 403 when it is visible but not to be used so
   */
  async require(principal: Principal, runId: string, use: RunUse): Promise<RunEntity> {
    const run = isRunId(runId)
      ? await this.dataSource.getRepository(RunEntity).findOneBy({ id: runId })
      : null;
    const relation = run === null ? 'none' : await this.relation(principal, run);
    if (run === null || relation === 'none') throw runNotFound(runId);
    if (use === 'operate' && !principalAllows(principal, 'runs:operate')) {
      throw forbidden('Your role may read this run but not operate it.');
    }
    if (!RUN_USES[relation].includes(use)) throw forbidden(refusalOf(relation));
    return run;
  }

  /** What the caller is to the run. */
  async relation(principal: Principal, { id, ownerId }: RunEntity): Promise<RunRelation> {
    if (ownerId === principal.userId) return 'owner';
    if (principalAllows(principal, 'runs:read_all')) return 'all';
    const [share] = await this.dataSource.query<{ role: ShareRole }[]>(
      `SELECT role FROM run_shares WHERE run_id = $1 AND (user_id = $2 OR user_id IS NULL)
       ORDER BY role = 'editor' DESC LIMIT 1`,
      [id, principal.userId],
    );
    return share?.role ?? 'none';
  }
}

/** Why somebody may not use a run that they see, as a sentence. */
export const refusalOf = (relation: RunRelation): string =>
  relation === 'viewer'
    ? 'This run is shared with you to look at; ask its owner to share it for editing.'
    : 'This run is shared with you; only its owner may do this.';

/** An id of any other form is simply not found. */
export const isRunId = (id: string): boolean => isUuid(id) && uuidVersion(id) === 7;

export const runNotFound = (id: string): DomainError => notFound('Run', id);
