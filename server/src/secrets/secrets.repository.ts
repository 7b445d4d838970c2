import { Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { SecretEntity } from './secret.entity.js';

/** Whose step asks for secrets. */
export interface SecretWish {
  readonly runId: string;
  readonly stepAttemptId: string;
  readonly profile: string;
  readonly project: string;
  readonly names: readonly string[];
}

@Injectable()
export class SecretsRepository {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<SecretEntity[]> {
    return this.secrets().find({ order: { name: 'ASC', profile: 'ASC', project: 'ASC' } });
  }

  find(id: string): Promise<SecretEntity | null> {
    return this.secrets().findOneBy({ id });
  }

  /** Whether it was new: one with the same name and scope is left as it is. */
  async insert(secret: SecretEntity): Promise<boolean> {
    const result = await this.secrets()
      .createQueryBuilder()
      .insert()
      .values(secret)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** Writes a new value. Whether the secret was still there. */
  async setValue({ id, sealed, updatedAt, updatedBy }: SecretEntity): Promise<boolean> {
    return (await this.secrets().update({ id }, { sealed, updatedAt, updatedBy })).affected === 1;
  }

  /** Writes the same value anew, unless it was changed meanwhile. */
  async reseal(id: string, sealed: string, anew: string): Promise<void> {
    await this.secrets().update({ id, sealed }, { sealed: anew });
  }

  async remove(id: string): Promise<boolean> {
    return (await this.secrets().delete({ id })).affected === 1;
  }

  /** For each name the secret with the narrowest scope that fits the run. */
  fitting({ names, profile, project }: SecretWish): Promise<SecretEntity[]> {
    return this.secrets()
      .createQueryBuilder('s')
      .distinctOn(['s.name'])
      .where('s.name = ANY (:names) AND coalesce(s.profile, :profile) = :profile', { names, profile })
      .andWhere('coalesce(s.project, :project) = :project', { project })
      .orderBy('s.name')
      .addOrderBy('s.project', 'ASC', 'NULLS LAST')
      .addOrderBy('s.profile', 'ASC', 'NULLS LAST')
      .getMany();
  }

  /** Records that a try was given them. */
  async recordUse({ stepAttemptId, runId }: SecretWish, ids: readonly string[]): Promise<void> {
    await this.dataSource.query(
      `WITH used AS (UPDATE secrets SET last_used_at = now() WHERE id = ANY ($3::uuid[]) RETURNING id)
       INSERT INTO secret_uses (step_attempt_id, secret_id, run_id, at)
       SELECT $1, id, $2, now() FROM used ON CONFLICT DO NOTHING`,
      [stepAttemptId, runId, ids],
    );
  }

  /** Everything that steps of the run were given. */
  givenTo(runId: string): Promise<SecretEntity[]> {
    return this.secrets()
      .createQueryBuilder('s')
      .where('s.id IN (SELECT secret_id FROM secret_uses WHERE run_id = :runId)', { runId })
      .getMany();
  }

  private secrets(): Repository<SecretEntity> {
    return this.dataSource.getRepository(SecretEntity);
  }
}
