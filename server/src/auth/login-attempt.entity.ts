import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Failed sign-ins in a row under one key: an account, an address, or the pair. */
@Entity({ name: 'login_attempts' })
export class LoginAttemptEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'login_attempts_pk' })
  key!: string;

  @Column('integer')
  failures!: number;

  @Column('timestamptz')
  @Index('login_attempts_age')
  lastAttemptAt!: Date;
}
