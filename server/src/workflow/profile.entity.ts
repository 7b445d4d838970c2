import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A profile by its name; what it says is in its versions. */
@Entity({ name: 'profiles' })
@Index('profiles_name', ['name'], { unique: true })
export class ProfileEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'profiles_pk' })
  id!: string;

  @Column('text')
  name!: string;

  /** Number of the newest version, from 1. */
  @Column('integer')
  latestVersion!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
