import { RE2JS } from 're2js';

/** A regular expression that runs in time linear in the text, whatever the pattern. */
export interface LinearPattern {
  test(text: string): boolean;
}

/**
 * Compiles a pattern of a profile: what RE2 and JavaScript both read, so without look-around and back-references.
 * @throws RangeError with a sentence where the pattern is not one
 */
export function compilePattern(source: string): LinearPattern {
  try {
    const compiled = RE2JS.compile(source);
    new RegExp(source);
    return { test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    // Both compilers throw for malformed or unsupported patterns only.
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`The pattern cannot be used: ${reason}`, { cause: error });
  }
}
