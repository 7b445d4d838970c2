/** Every entity of the application, listed by hand: what is not here does not exist for TypeORM. */
export const entities: readonly (abstract new () => unknown)[] = [];
