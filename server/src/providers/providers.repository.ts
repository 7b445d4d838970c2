import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type Repository } from 'typeorm';
import { ProviderEntity } from './provider.entity.js';

@Injectable()
export class ProvidersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Everybody's, and those of the user. */
  visibleTo(userId: string): Promise<ProviderEntity[]> {
    return this.rows().find({
      where: [{ ownerId: IsNull() }, { ownerId: userId }],
      order: { priority: 'ASC', name: 'ASC' },
    });
  }

  /** The sealed keys of all providers. */
  async keys(): Promise<{ readonly id: string; readonly sealed: string }[]> {
    const rows = await this.rows().find({ select: { id: true, sealedKey: true } });
    return rows.flatMap(({ id, sealedKey: sealed }) => (sealed === null ? [] : [{ id, sealed }]));
  }

  /** Writes the same key anew, unless it was changed meanwhile. */
  async reseal(id: string, sealedKey: string, anew: string): Promise<void> {
    await this.rows().update({ id, sealedKey }, { sealedKey: anew });
  }

  find(id: string): Promise<ProviderEntity | null> {
    return this.rows().findOneBy({ id });
  }

  /** Whether its name was free. */
  async insert(provider: ProviderEntity): Promise<boolean> {
    const insert = this.rows().createQueryBuilder().insert().values(provider).orIgnore().returning('id');
    return ((await insert.execute()).raw as unknown[]).length === 1;
  }

  async update(provider: ProviderEntity): Promise<void> {
    await this.rows().update({ id: provider.id }, provider);
  }

  async remove(id: string): Promise<void> {
    await this.rows().delete({ id });
  }

  /** Has every agent step that waits offered to the worker processes again. */
  async offerWaitingSteps(): Promise<void> {
    await this.dataSource.query(
      `SELECT graphile_worker.add_job('offer_step', payload := json_build_object('id', s.id),
         job_key := 'offer_step:' || s.id, priority := -r.priority)
       FROM steps s JOIN runs r ON r.id = s.run_id
       LEFT JOIN step_attempts t ON t.step_id = s.id AND t.number = s.tries
       WHERE s.status = 'waiting' AND s.executor = 'llm' AND r.status = 'running'
         AND (t.id IS NULL OR t.run_at <= now())`,
    );
  }

  private rows(): Repository<ProviderEntity> {
    return this.dataSource.getRepository(ProviderEntity);
  }
}
