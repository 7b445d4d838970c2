import { formatDuration } from '../../shared/format/duration';
import { formatMoney } from '../../shared/format/money';
import type { ComparedRun } from '../run-models';

export interface Figure {
  readonly label: string;
  readonly a: string;
  readonly b: string;
  /** What the second has more or less; null where either is not known, or both are the same. */
  readonly difference: string | null;
  readonly tone: 'better' | 'worse' | 'neutral';
}

type Value = number | null;
type Wish = 'less' | 'more' | 'neither';

interface Measure {
  readonly label: string;
  readonly value: (run: ComparedRun) => Value;
  readonly show: (value: number) => string;
  readonly wish: Wish;
}

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (value: number): string => `${String(Math.floor(value * 1000) / 10)} %`;

const MEASURES: readonly Measure[] = [
  { label: 'Duration', value: (run) => run.total_duration_seconds, show: formatDuration, wish: 'less' },
  { label: 'Cost', value: (run) => run.cost_usd, show: formatMoney, wish: 'less' },
  { label: 'Calls without a price', value: (run) => run.unpriced_calls, show: count, wish: 'less' },
  { label: 'Tokens in', value: (run) => run.token_usage.input, show: count, wish: 'less' },
  { label: 'Tokens out', value: (run) => run.token_usage.output, show: count, wish: 'less' },
  { label: 'Governance', value: (run) => run.governance_score, show: percent, wish: 'more' },
  { label: 'Hygiene', value: (run) => run.hygiene_score, show: percent, wish: 'more' },
  { label: 'Waived gates', value: (run) => run.waived_gates, show: count, wish: 'less' },
  { label: 'Artifacts', value: (run) => run.artifacts_count, show: count, wish: 'neither' },
];

/** The figures of two runs beside each other; what neither was charged for is left out. */
export function compareFigures(a: ComparedRun, b: ComparedRun): Figure[] {
  return MEASURES.filter(
    (measure) => measure.label !== 'Calls without a price' || a.unpriced_calls + b.unpriced_calls > 0,
  ).map((measure) => figure(measure, measure.value(a), measure.value(b)));
}

function figure({ label, show, wish }: Measure, a: Value, b: Value): Figure {
  return {
    label,
    a: a === null ? 'not measured' : show(a),
    b: b === null ? 'not measured' : show(b),
    difference: differenceOf(a, b, show),
    tone:
      a === null || b === null || a === b || wish === 'neither'
        ? 'neutral'
        : b < a === (wish === 'less')
          ? 'better'
          : 'worse',
  };
}

/** `+2.0 s`, `−$0.10`: what the second has more or less than the first; null where nothing can be said. */
export function differenceOf(a: Value, b: Value, show: (value: number) => string): string | null {
  if (a === null || b === null || a === b) return null;
  return `${b > a ? '+' : '−'}${show(Math.abs(b - a))}`;
}
