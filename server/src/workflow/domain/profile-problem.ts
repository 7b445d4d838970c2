/** One thing that is wrong with a profile, at a JSON pointer into it ('' is the whole). */
export interface ProfileProblem {
  readonly path: string;
  readonly message: string;
}

/** A JSON pointer (RFC 6901) of these keys and indexes. */
export const pointer = (...segments: readonly (string | number)[]): string =>
  segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The keys of a JSON pointer, unescaped. */
export const pointerSegments = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
