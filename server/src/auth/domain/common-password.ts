/** Shorter words within a password say nothing about it. */
const SHORTEST_WORD = 4;

/**
 * Whether a password is a common one, or one that was only made longer: with digits and signs before or behind it, or
 * by repetition. `isCommon` knows passwords in lower case.
 */
export function isCommonPassword(password: string, isCommon: (lowerCase: string) => boolean): boolean {
  const text = password.toLowerCase();
  const word = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return [text, word].some((one) => {
    const unit = repeatedUnit(one);
    return unit.length >= SHORTEST_WORD && isCommon(unit);
  });
}

/** The shortest text that the whole repeats; the whole where it repeats none. */
function repeatedUnit(text: string): string {
  const at = (text + text).indexOf(text, 1);
  return at === -1 ? text : text.slice(0, at);
}
