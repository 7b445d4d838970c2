/** PostgreSQL's bigint arrives as text; every value we keep in one stays below 2^53. */
export const bigintNumber = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};
