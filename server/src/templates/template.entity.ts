import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { RunPresetDto } from './templates.dto.js';

/** A named preset for runs of one profile. */
@Entity({ name: 'templates' })
export class TemplateEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'templates_pk' })
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('text')
  profile!: string;

  @Column('jsonb')
  preset!: RunPresetDto;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'templates_owner_fk', onDelete: 'CASCADE' })
  ownerId!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
