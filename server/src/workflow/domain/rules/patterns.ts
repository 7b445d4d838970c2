import { compilePattern } from '../pattern.js';
import { pointer, type ProfileProblem } from '../profile-problem.js';
import type { ProfileSource } from '../profile-source.js';
import { placedGates } from './places.js';

/** Patterns of forbidden and trace gates compile to linear-time matchers. */
export const patternProblems = (source: ProfileSource): ProfileProblem[] =>
  placedGates(source).flatMap(({ item, path }) => {
    if (item.pattern !== undefined) return unusable(item.pattern, `${path}/pattern`);
    if (item.forbidden === undefined) return [];
    if (typeof item.forbidden === 'string') return unusable(item.forbidden, `${path}/forbidden`);
    return item.forbidden.flatMap((pattern, index) => unusable(pattern, path + pointer('forbidden', index)));
  });

function unusable(pattern: string, path: string): ProfileProblem[] {
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [{ path, message: `${error.message}.` }];
    throw error;
  }
}
