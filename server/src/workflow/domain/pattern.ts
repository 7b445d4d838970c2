import { RE2JS } from 're2js';

/** A regular expression that runs in time linear in the text, whatever the pattern. */
export interface LinearPattern {
  test(text: string): boolean;
}

/**
 * Compiles a pattern of a profile (RE2 syntax: no look-around, no back-references).
 * @throws RangeError with a sentence where the pattern is not one
 */
export function compilePattern(source: string): LinearPattern {
  try {
    const compiled = RE2JS.compile(source);
    return { test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    // The compiler throws for malformed or unsupported patterns only.
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`The pattern cannot be used: ${reason}`, { cause: error });
  }
}
