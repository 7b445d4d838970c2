import { listed } from '../content/wording.js';
import type { Measurement } from '../domain/evidence.js';

const COVERAGE = ['lines', 'branches', 'functions'] as const;

/** Figures that may be added up; rates are calculated anew from them. */
const isSum = (name: string): boolean =>
  /^(tests\.(total|passed|failed|skipped|duration_seconds)|(audit|sarif)\.\w+|coverage\.\w+_(covered|total))$/.test(
    name,
  );

/**
 * Sums the figures of several reports of one format. Rates are calculated from the sums; a rate without the
 * counts behind it, and every figure that is no sum, stays as it is, once for each report. A report that was
 * read twice counts once.
 */
export function mergeMeasurements(measurements: readonly Measurement[]): readonly Measurement[] {
  const once = [...new Map(measurements.map((each) => [identityOf(each), each])).values()];
  const groups = Map.groupBy(
    once.filter(({ name }) => isSum(name)),
    ({ name }) => name,
  );
  const sums = new Map([...groups].map(([name, group]) => [name, merge(name, group)]));
  const rates = [passRate(sums), ...COVERAGE.map((of) => coverageRate(sums, of))].filter(
    (rate) => rate !== null,
  );
  const known = new Set(rates.map(({ name }) => name));
  const bare = once.filter((each) => !isSum(each.name) && !(known.has(each.name) && hasCounts(each, once)));
  return [...sums.values(), ...rates, ...bare];
}

const identityOf = ({ name, source, sha256, stepId, value }: Measurement): string =>
  JSON.stringify([name, source, sha256, stepId, sha256 === null ? value : null]);

function merge(name: string, group: readonly Measurement[], value = total(group)): Measurement {
  const single = <T>(values: readonly T[]): T | null =>
    new Set(values).size === 1 ? (values[0] ?? null) : null;
  const sources = [...new Set(group.map(({ source }) => source))];
  return {
    name,
    value,
    source: listed(sources),
    sha256: sources.length === 1 ? single(group.map(({ sha256 }) => sha256)) : null,
    stepId: single(group.map(({ stepId }) => stepId)),
  };
}

const total = (group: readonly Measurement[]): number => group.reduce((sum, { value }) => sum + value, 0);

function passRate(sums: ReadonlyMap<string, Measurement>): Measurement | null {
  const [all, passed, skipped] = ['total', 'passed', 'skipped'].map((name) => sums.get(`tests.${name}`));
  if (all === undefined || passed === undefined || skipped === undefined) return null;
  const ran = all.value - skipped.value;
  return ran > 0 ? { ...all, name: 'tests.pass_rate', value: passed.value / ran } : null;
}

function coverageRate(
  sums: ReadonlyMap<string, Measurement>,
  of: (typeof COVERAGE)[number],
): Measurement | null {
  const covered = sums.get(`coverage.${of}_covered`);
  const all = sums.get(`coverage.${of}_total`);
  if (covered === undefined || all === undefined || all.value <= 0) return null;
  return { ...all, name: `coverage.${of}`, value: covered.value / all.value };
}

/** Whether the counts behind a rate come from the same report. */
const hasCounts = (rate: Measurement, all: readonly Measurement[]): boolean =>
  all.some(
    ({ name, source, sha256 }) =>
      (name === `${rate.name}_total` || (rate.name === 'tests.pass_rate' && name === 'tests.total')) &&
      source === rate.source &&
      sha256 === rate.sha256,
  );
