import type { MigrationInterface } from 'typeorm';

/** Every migration in the order of its timestamp. A landed migration is never changed. */
export const migrations: readonly (new () => MigrationInterface)[] = [];
