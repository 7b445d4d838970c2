import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Price } from '../agents/domain/price.js';
import type { PlannedCall } from '../agents/model-account.js';
import type { UsageOwner } from '../agents/usage.repository.js';
import type { Amount, CallState } from './domain/budget.js';
import { ModelCallEntity } from './model-call.entity.js';

/** A reservation is a running try's; without a try it is given this long. */
const LONGEST_CALL = `interval '1 hour'`;

export interface OpenCall {
  readonly id: string;
  readonly runId: string;
}

/** Queries on model calls that were allowed. */
@Injectable()
export class ModelCallsRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<ModelCallEntity | null> {
    return this.dataSource.getRepository(ModelCallEntity).findOneBy({ id });
  }

  /** The call under its row lock; the run's is held already. */
  findLocked(tx: EntityManager, id: string): Promise<ModelCallEntity | null> {
    return tx.findOne(ModelCallEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Writes a reservation. @returns its id */
  async insert(
    tx: EntityManager,
    { place, provider, model }: PlannedCall,
    owner: UsageOwner,
    worst: Amount & { readonly price: Price | null },
  ): Promise<string> {
    const [held] = await tx.query<{ id: string; epoch: number }[]>(
      `SELECT t.id, t.epoch FROM steps s JOIN step_attempts t ON t.step_id = s.id AND t.number = s.tries
       WHERE s.phase_attempt_id = $1 AND s.key = $2`,
      [place.phaseAttemptId, place.step],
    );
    const id = v7();
    await tx.insert(ModelCallEntity, {
      ...{ id, ...place, ...owner, provider, model },
      ...{ stepAttemptId: held?.id ?? null, epoch: held?.epoch ?? null, price: worst.price },
      ...{ reservedTokens: worst.tokens, reservedUsd: worst.costUsd, state: 'reserved', endedAt: null },
    });
    return id;
  }

  async end(tx: EntityManager, id: string, state: CallState): Promise<void> {
    await tx.update(ModelCallEntity, { id }, { state, endedAt: new Date() });
  }

  /** Calls whose try has ended, or was taken up again, without a word about them. */
  abandoned(limit: number): Promise<OpenCall[]> {
    return this.dataSource.query<OpenCall[]>(
      `SELECT c.id, c.run_id AS "runId" FROM model_calls c LEFT JOIN step_attempts t ON t.id = c.step_attempt_id
       WHERE c.state = 'reserved' AND CASE WHEN c.step_attempt_id IS NULL THEN c.at < now() - ${LONGEST_CALL}
         ELSE t.id IS NULL OR t.status <> 'running' OR t.epoch <> c.epoch END
       ORDER BY c.at LIMIT $1`,
      [limit],
    );
  }

  /** Open calls in the given states, the oldest first. */
  open(states: readonly CallState[], limit: number): Promise<ModelCallEntity[]> {
    return this.dataSource
      .getRepository(ModelCallEntity)
      .find({ where: { state: In([...states]) }, order: { at: 'ASC', id: 'ASC' }, take: limit });
  }
}
