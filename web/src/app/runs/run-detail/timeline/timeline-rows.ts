import type { TimelineAttemptDto, TimelinePhaseDto, TimelineStepDto } from '../../../api/generated/models';
import type { RunDetail, RunTimeline, StepInfo } from '../../run-models';
import type { Stretch } from './timeline-scale';

/** Waiting is the time until a step starts, and all the time of a step that a person has to do. */
export type SpanKind = 'attempt' | 'worked' | 'waited';

/** A bar of the timeline. */
export interface Span extends Stretch {
  readonly kind: SpanKind;
  readonly status: string;
  readonly attempt: number;
  /** It goes on: its end is now. */
  readonly open: boolean;
  readonly superseded: boolean;
}

export interface TimelineRow {
  readonly phase: string;
  /** Null: the row of the phase itself. */
  readonly step: string | null;
  readonly label: string;
  readonly status: string;
  readonly spans: readonly Span[];
}

type Executor = StepInfo['executor'];

/** The rows of a run: each phase with its attempts, beneath it its steps with what they did in each attempt. */
export function timelineRows(timeline: RunTimeline, run: RunDetail | undefined, now: number): TimelineRow[] {
  return timeline.phases.flatMap((phase) => [
    phaseRow(phase, now),
    ...stepNames(phase).map((step) => stepRow(phase, step, executorOf(run, phase.phase, step), now)),
  ]);
}

/** All time that the run is about, from its creation on; a run that can still move ends now. */
export function wholeTime(
  timeline: RunTimeline,
  rows: readonly TimelineRow[],
  moving: boolean,
  now: number,
): Stretch {
  const from = Date.parse(timeline.created_at);
  const known = rows.flatMap((row) => row.spans).reduce((last, { to }) => Math.max(last, to), from);
  const end = timeline.completed_at === null ? (moving ? now : known) : Date.parse(timeline.completed_at);
  return { from, to: Math.max(end, known, from + 1) };
}

/** When something worked. An attempt of which no step is known counts as a whole. */
export const workedTimes = (rows: readonly TimelineRow[]): Stretch[] =>
  rows.flatMap((row) => row.spans.filter((span) => span.kind === 'worked'));

function phaseRow(phase: TimelinePhaseDto, now: number): TimelineRow {
  const spans = phase.attempts.map((attempt): Span => ({
    kind: attempt.steps.length === 0 ? 'worked' : 'attempt',
    from: Date.parse(attempt.started_at),
    to: attempt.completed_at === null ? now : Date.parse(attempt.completed_at),
    open: attempt.completed_at === null,
    ...{ status: attempt.status, attempt: attempt.attempt, superseded: attempt.superseded },
  }));
  return { phase: phase.phase, step: null, label: phase.title, status: phase.status, spans };
}

const stepNames = (phase: TimelinePhaseDto): string[] => [
  ...new Set(phase.attempts.flatMap((attempt) => attempt.steps.map(({ step }) => step))),
];

function stepRow(phase: TimelinePhaseDto, step: string, executor: Executor | null, now: number): TimelineRow {
  const done = phase.attempts.flatMap((attempt) =>
    attempt.steps.filter((one) => one.step === step).map((one) => ({ attempt, one })),
  );
  return {
    phase: phase.phase,
    step,
    label: step,
    status: done.at(-1)?.one.status ?? 'pending',
    spans: done.flatMap(({ attempt, one }) => stepSpans(attempt, one, executor, now)),
  };
}

function stepSpans(
  attempt: TimelineAttemptDto,
  step: TimelineStepDto,
  executor: Executor | null,
  now: number,
): Span[] {
  const ready = step.queued_at === null ? null : Date.parse(step.queued_at);
  const started = step.started_at === null ? null : Date.parse(step.started_at);
  const ended = endOf(attempt, step);
  const base = { status: step.status, attempt: attempt.attempt, superseded: attempt.superseded };
  const spans: Span[] = [];
  const waits = executor === 'approval' || step.status === 'waiting';
  const upTo = waits ? ended : (started ?? ended);
  const since = ready ?? started;
  if (since !== null && (waits || started === null || since < started)) {
    spans.push({
      ...base,
      kind: 'waited',
      from: since,
      to: Math.max(upTo ?? now, since),
      open: upTo === null,
    });
  }
  if (!waits && started !== null) {
    spans.push({
      ...base,
      kind: 'worked',
      from: started,
      to: Math.max(ended ?? now, started),
      open: ended === null,
    });
  }
  return spans;
}

/** What never ended went on until its attempt did; null while both go on. */
function endOf(attempt: TimelineAttemptDto, step: TimelineStepDto): number | null {
  const end = step.completed_at ?? attempt.completed_at;
  return end === null ? null : Date.parse(end);
}

const executorOf = (run: RunDetail | undefined, phase: string, step: string): Executor | null =>
  run?.phases.find((known) => known.phase === phase)?.steps.find((known) => known.step === step)?.executor ??
  null;
