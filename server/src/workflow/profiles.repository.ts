import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { ProfileVersionEntity, type ProfileOrigin } from './profile-version.entity.js';
import { ProfileEntity } from './profile.entity.js';

/** What is known of a version without its definition and text. */
export type VersionHead = Pick<
  ProfileVersionEntity,
  'name' | 'version' | 'digest' | 'origin' | 'publishedBy' | 'publishedAt'
>;

const HEAD = {
  name: true,
  version: true,
  digest: true,
  origin: true,
  publishedBy: true,
  publishedAt: true,
} as const;

/** Queries on profiles and their versions. */
@Injectable()
export class ProfilesRepository {
  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** All names, in order. */
  async names(): Promise<string[]> {
    const profiles = await this.dataSource
      .getRepository(ProfileEntity)
      .find({ select: { name: true }, order: { name: 'ASC' } });
    return profiles.map((profile) => profile.name);
  }

  /** A page of profiles in the order of their names, and how many there are. */
  page(limit: number, offset: number): Promise<[ProfileEntity[], number]> {
    return this.dataSource
      .getRepository(ProfileEntity)
      .findAndCount({ order: { name: 'ASC' }, take: limit, skip: offset });
  }

  findProfile(name: string): Promise<ProfileEntity | null> {
    return this.dataSource.getRepository(ProfileEntity).findOneBy({ name });
  }

  findVersion(name: string, version: number): Promise<ProfileVersionEntity | null> {
    return this.dataSource.getRepository(ProfileVersionEntity).findOneBy({ name, version });
  }

  /** The versions of a profile, newest first, and how many there are. */
  versions(name: string, limit: number, offset: number): Promise<[VersionHead[], number]> {
    return this.dataSource
      .getRepository(ProfileVersionEntity)
      .findAndCount({ select: HEAD, where: { name }, order: { version: 'DESC' }, take: limit, skip: offset });
  }

  /** Name and text of the newest version of each name from one origin. */
  newestOf(origin: ProfileOrigin): Promise<Pick<ProfileVersionEntity, 'name' | 'source'>[]> {
    return this.dataSource
      .getRepository(ProfileVersionEntity)
      .createQueryBuilder('version')
      .distinctOn(['version.name'])
      .select(['version.id', 'version.name', 'version.source'])
      .where({ origin })
      .orderBy('version.name')
      .addOrderBy('version.version', 'DESC')
      .getMany();
  }

  /** The profile of this name, made where it is not there, locked until the transaction ends. */
  async lockProfile(tx: EntityManager, name: string, now: Date): Promise<ProfileEntity> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(ProfileEntity)
      .values({ id: v7(), name, latestVersion: 0, createdAt: now, updatedAt: now })
      .orIgnore()
      .execute();
    return tx.findOneOrFail(ProfileEntity, { where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  findHead(tx: EntityManager, name: string, version: number): Promise<VersionHead | null> {
    return tx.findOne(ProfileVersionEntity, { select: HEAD, where: { name, version } });
  }

  async addVersion(tx: EntityManager, version: ProfileVersionEntity): Promise<void> {
    await tx.save(ProfileVersionEntity, version);
    await tx.update(ProfileEntity, version.profileId, {
      latestVersion: version.version,
      updatedAt: version.publishedAt,
    });
  }
}
