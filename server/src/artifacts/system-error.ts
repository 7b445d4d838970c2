/** The code of an error of the operating system (`ENOENT` …), or null for any other error. */
export const systemErrorCode = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
