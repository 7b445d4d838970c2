/** What a `Retry-After` header asks for, in milliseconds from now: seconds or a date (RFC 9110, 10.2.3); null: nothing. */
export function retryAfter(header: string | undefined, now = Date.now()): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
