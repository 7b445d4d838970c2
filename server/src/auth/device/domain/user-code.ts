/** No vowels, so that no words come out, and no letters that look alike (RFC 8628, 6.1). */
export const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
/** 34 bits: good for minutes, behind a sign-in and a rate limit. */
export const USER_CODE_LENGTH = 8;

/** The code as it is kept, from what a person typed: case, spaces and dashes do not count; null where it is none. */
export function readUserCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isCode =
    code.length === USER_CODE_LENGTH && [...code].every((letter) => USER_CODE_LETTERS.includes(letter));
  return isCode ? code : null;
}

/** The code as it is shown: `WDJB-MJHT`. */
export const showUserCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
