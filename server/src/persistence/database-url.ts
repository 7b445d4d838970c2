/** Injection token of the database's connection URL (a string with the password: never logged). */
export const DATABASE_URL = Symbol('DATABASE_URL');
