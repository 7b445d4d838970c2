import type { PhaseInfo, StepInfo } from './run-models';

/**
 * Working time of a run in seconds: what its phases took, plus what the executing one has taken so far.
 * null before the first phase started.
 */
export function workingSeconds(phases: readonly PhaseInfo[], now: Date): number | null {
  const parts = phases.map((phase) => phaseSeconds(phase, now)).filter((seconds) => seconds !== null);
  return parts.length === 0 ? null : parts.reduce((sum, seconds) => sum + seconds, 0);
}

/** Time of one phase in seconds: its ended attempts, and the executing one so far; null before it started. */
export function phaseSeconds(
  phase: Pick<PhaseInfo, 'status' | 'started_at' | 'duration_seconds' | 'steps'>,
  now: Date,
): number | null {
  if (phase.status !== 'in_progress') return phase.duration_seconds;
  // The phase's own start is that of its first attempt; the newest one started with its first ready step.
  const starts = phase.steps.map((step) => step.queued_at).filter((at) => at !== null);
  const started = starts.sort()[0] ?? (phase.duration_seconds === null ? phase.started_at : null);
  if (started === null) return phase.duration_seconds;
  return (phase.duration_seconds ?? 0) + since(started, now);
}

/** Time of one step in seconds, growing while it executes; null before it started. */
export function stepSeconds(
  step: Pick<StepInfo, 'status' | 'started_at' | 'duration_seconds'>,
  now: Date,
): number | null {
  if (step.status !== 'running' || step.started_at === null) return step.duration_seconds;
  return since(step.started_at, now);
}

const since = (at: string, now: Date): number => Math.max((now.getTime() - new Date(at).getTime()) / 1000, 0);
