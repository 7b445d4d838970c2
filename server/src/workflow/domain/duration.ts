const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads a duration such as `30s`, `10m` or `3d`.
 * @returns milliseconds, or null where the text is not a duration
 */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unit = MILLISECONDS[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}
