import { parseDuration } from '../duration.js';
import type { ProfileProblem } from '../profile-problem.js';
import type { ProfileSource, StepSource } from '../profile-source.js';
import { placedGates, placedSteps } from './places.js';

const SECOND = 1000;
const DAY = 86_400_000;

/** Least and greatest length of each kind of duration, in milliseconds. */
const RANGES = {
  timeout: { min: SECOND, max: 7 * DAY, words: 'between 1s and 7d' },
  backoff: { min: 0, max: 600_000, words: 'at most 10m' },
  approval: { min: SECOND, max: 365 * DAY, words: 'between 1s and 365d' },
  age: { min: SECOND, max: 3650 * DAY, words: 'between 1s and 3650d' },
} as const;

type Range = keyof typeof RANGES;
type PlacedDuration = readonly [path: string, text: string | undefined, range: Range];

/** Durations lie within bounds that a run can live with. */
export const durationProblems = (source: ProfileSource): ProfileProblem[] =>
  [
    ...defaultDurations(source),
    ...placedSteps(source).flatMap(({ item, path }) => stepDurations(item, path)),
    ...placedGates(source).map(({ item, path }): PlacedDuration => [`${path}/max_age`, item.max_age, 'age']),
  ].flatMap(([path, text, range]) => outOfRange(path, text, range));

const defaultDurations = (source: ProfileSource): PlacedDuration[] => [
  ['/defaults/timeout', source.defaults?.timeout, 'timeout'],
  ['/defaults/retry/backoff', source.defaults?.retry?.backoff, 'backoff'],
];

const stepDurations = (step: StepSource, path: string): PlacedDuration[] => [
  [`${path}/timeout`, step.timeout, 'timeout'],
  [`${path}/http/timeout`, step.http?.timeout, 'timeout'],
  [`${path}/retry/backoff`, step.retry?.backoff, 'backoff'],
  [`${path}/approval/timeout`, step.approval?.timeout, 'approval'],
  [`${path}/worker/claim_timeout`, step.worker?.claim_timeout, 'approval'],
];

function outOfRange(path: string, text: string | undefined, range: Range): ProfileProblem[] {
  if (text === undefined) return [];
  const value = parseDuration(text);
  const { min, max, words } = RANGES[range];
  if (value !== null && value >= min && value <= max) return [];
  return [{ path, message: `The duration ${text} must be ${words}.` }];
}
