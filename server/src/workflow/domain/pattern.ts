import { RE2JS } from 're2js';

/** A regular expression that runs in time linear in the text, whatever the pattern. */
export interface LinearPattern {
  test(text: string): boolean;
  /** What matches, in the order of the text; at most so many. */
  all(text: string, most: number): string[];
}

/**
 * Compiles a pattern of a profile: what RE2 and JavaScript both read, so without look-around and back-references.
 * @throws RangeError with a sentence where the pattern is not one
 */
export function compilePattern(source: string): LinearPattern {
  try {
    const compiled = RE2JS.compile(source);
    new RegExp(source);
    return {
      test: (text) => compiled.matcher(text).find(),
      all: (text, most) => {
        const matcher = compiled.matcher(text);
        const found: string[] = [];
        while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
        return found;
      },
    };
  } catch (error) {
    // Both compilers throw for malformed or unsupported patterns only.
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`The pattern cannot be used: ${reason}`, { cause: error });
  }
}
