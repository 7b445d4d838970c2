import { align } from '../domain/align.js';
import type { ComparedInputDto } from '../dto/comparison.dto.js';
import type { RunDetailDto } from '../dto/run-detail.dto.js';

type Value = readonly [name: string, value: unknown];

/** What two runs were given, name by name. */
export function comparedInputs(a: RunDetailDto, b: RunDetailDto): ComparedInputDto[] {
  return align(inputsOf(a), inputsOf(b), ([name]) => name).map(({ key, a: left, b: right }) => {
    const [before, after] = [textOf(left), textOf(right)];
    return { name: key, a: before, b: after, same: before === after };
  });
}

const inputsOf = (run: RunDetailDto): Value[] => [
  ['profile', `${run.profile} v${String(run.profile_version)}`],
  ['repository', run.repository === null ? null : (run.repository.url ?? run.repository.path)],
  ['ref', run.repository?.ref ?? null],
  ['intake', run.intake],
  ['auto_advance', run.auto_advance],
  ['priority', run.priority],
  ['max_cost_usd', run.budget.max_cost_usd],
  ['max_tokens', run.budget.max_tokens],
  ...named('parameters', run.parameters),
  ...named('metadata', run.metadata),
];

const named = (of: string, values: Readonly<Record<string, unknown>>): Value[] =>
  Object.entries(values).map(([name, value]) => [`${of}.${name}`, value]);

function textOf(input: Value | null): string | null {
  const value = input?.[1] ?? null;
  if (value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
