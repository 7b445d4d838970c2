import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ProfileDefinition } from './domain/profile.js';
import type { ProfileFormat } from './parsing/profile-text.js';
import { ProfileEntity } from './profile.entity.js';

/** Where a version came from: with the product, from PROFILES_DIR, or published over the API. */
export type ProfileOrigin = 'builtin' | 'file' | 'api';

/** One published version of a profile. Never changed. */
@Entity({ name: 'profile_versions' })
@Index('profile_versions_name_version', ['name', 'version'], { unique: true })
@Index('profile_versions_profile', ['profileId'])
export class ProfileVersionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'profile_versions_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => ProfileEntity, { name: 'profile_versions_profile_fk', onDelete: 'CASCADE' })
  profileId!: string;

  @Column('text')
  name!: string;

  /** From 1, without gaps. */
  @Column('integer')
  version!: number;

  /** `json`, not `jsonb`, keeps the written order of parameters and variables. */
  @Column('json')
  definition!: ProfileDefinition;

  /** The text as it was published. */
  @Column('text')
  source!: string;

  @Column('text')
  format!: ProfileFormat;

  /** SHA-256 (hex) of the normalised definition. */
  @Column('text')
  digest!: string;

  @Column('text')
  origin!: ProfileOrigin;

  /** null: the product itself. */
  @Column('uuid', { nullable: true })
  publishedBy!: string | null;

  @Column('timestamptz')
  publishedAt!: Date;
}
