export const PASSWORD_MIN_LENGTH = 12;
/** Bounds the work of one hash. */
export const PASSWORD_MAX_LENGTH = 256;

/**
 * What is wrong with a new password, as a sentence; null where it is good. Length is what counts:
 * no rule about kinds of characters, but it must not be made of the account's own name.
 */
export function passwordFault(password: string, email: string): string | null {
  const length = Array.from(password).length;
  if (length < PASSWORD_MIN_LENGTH) {
    return `The password needs at least ${PASSWORD_MIN_LENGTH} characters; this one has ${length}.`;
  }
  if (length > PASSWORD_MAX_LENGTH) return `The password may have at most ${PASSWORD_MAX_LENGTH} characters.`;
  if (new Set(password).size < 5) return 'The password repeats too few different characters.';
  const name = email.split('@')[0] ?? '';
  if (password.toLowerCase() === email.toLowerCase() || (name.length > 3 && isRepeated(password, name))) {
    return 'The password must not be the e-mail address or made of it.';
  }
  return null;
}

const isRepeated = (password: string, part: string): boolean =>
  password.toLowerCase().split(part.toLowerCase()).join('') === '';
