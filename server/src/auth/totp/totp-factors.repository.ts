import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, LessThan, Not, type Repository } from 'typeorm';
import { TotpFactorEntity } from './totp-factor.entity.js';

@Injectable()
export class TotpFactorsRepository {
  constructor(private readonly dataSource: DataSource) {}

  of(userId: string): Promise<TotpFactorEntity | null> {
    return this.factors().findOneBy({ userId });
  }

  all(): Promise<TotpFactorEntity[]> {
    return this.factors().find();
  }

  /** Which of the users have a confirmed one. */
  async confirmedAmong(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.factors().find({
      where: { userId: In([...userIds]), confirmedAt: Not(IsNull()) },
      select: { userId: true },
    });
    return new Set(found.map(({ userId }) => userId));
  }

  /** Whether it was put in place of one that was not confirmed, or of none. */
  async begin(factor: TotpFactorEntity): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.delete(TotpFactorEntity, { userId: factor.userId, confirmedAt: IsNull() });
      const result = await manager
        .createQueryBuilder()
        .insert()
        .into(TotpFactorEntity)
        .values(factor)
        .orIgnore()
        .returning('user_id')
        .execute();
      return (result.raw as unknown[]).length > 0;
    });
  }

  /** Whether it was this very secret, and still to be confirmed. */
  async confirm(manager: EntityManager, factor: TotpFactorEntity): Promise<boolean> {
    const { userId, sealedSecret, confirmedAt, lastStep, recoveryHashes } = factor;
    const { affected } = await manager
      .getRepository(TotpFactorEntity)
      .update({ userId, sealedSecret, confirmedAt: IsNull() }, { confirmedAt, lastStep, recoveryHashes });
    return affected === 1;
  }

  /** Uses a step's code up; whether no code of it or of a later one was used before. */
  async useStep(userId: string, step: number): Promise<boolean> {
    const { affected } = await this.factors().update(
      { userId, lastStep: LessThan(step) },
      { lastStep: step },
    );
    return affected === 1;
  }

  /** Uses a recovery code up; whether it was there. */
  async useRecoveryCode(userId: string, hash: Buffer): Promise<boolean> {
    const [, affected] = await this.dataSource.query<[unknown, number]>(
      `UPDATE totp_factors SET recovery_hashes = array_remove(recovery_hashes, $2)
       WHERE user_id = $1 AND $2 = ANY (recovery_hashes)`,
      [userId, hash],
    );
    return affected === 1;
  }

  async replaceRecoveryCodes(userId: string, recoveryHashes: Buffer[]): Promise<void> {
    await this.factors().update({ userId }, { recoveryHashes });
  }

  async reseal(
    { userId, sealedSecret: before }: Pick<TotpFactorEntity, 'userId' | 'sealedSecret'>,
    sealedSecret: string,
  ): Promise<void> {
    await this.factors().update({ userId, sealedSecret: before }, { sealedSecret });
  }

  /** Whether there was one. */
  async remove(manager: EntityManager, userId: string): Promise<boolean> {
    const { affected } = await manager.delete(TotpFactorEntity, { userId });
    return affected === 1;
  }

  private factors(): Repository<TotpFactorEntity> {
    return this.dataSource.getRepository(TotpFactorEntity);
  }
}
