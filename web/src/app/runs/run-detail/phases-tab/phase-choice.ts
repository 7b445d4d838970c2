import type { PhaseAttempt, PhaseInfo, RunDetail, StepInfo } from '../../run-models';

/** The phase to show: the one that the address names, else where the run stands. */
export function choosePhase(run: RunDetail, wanted: string | null): PhaseInfo | null {
  const named = run.phases.find((phase) => phase.phase === wanted);
  return named ?? run.phases.find((phase) => phase.phase === run.current_phase) ?? run.phases[0] ?? null;
}

/** The earlier attempt that the address names; null: the phase as it stands. */
export function chooseAttempt(phase: PhaseInfo, wanted: string | null): number | null {
  const number = Number(wanted);
  const earlier = phase.status === 'pending' ? phase.attempt : phase.attempt - 1;
  return Number.isInteger(number) && number >= 1 && number <= earlier ? number : null;
}

/** Numbers of the attempts before the phase as it stands, newest first; after a rollback all of them. */
export const earlierAttempts = (phase: PhaseInfo): number[] =>
  Array.from({ length: phase.attempt }, (_, index) => phase.attempt - index).filter(
    (number) => chooseAttempt(phase, String(number)) !== null,
  );

/** The phase as it stood in one of its attempts. */
export const inAttempt = (phase: PhaseInfo, was: PhaseAttempt): PhaseInfo => ({
  ...phase,
  status: was.status,
  attempt: was.attempt,
  started_at: was.started_at,
  completed_at: was.completed_at,
  duration_seconds: was.duration_seconds,
  steps: was.steps,
  gates: was.gates,
  approval: was.approval,
  error: was.error,
});

/** The step to show: the one that the address names, else the one that most wants to be looked at. */
export function chooseStep(phase: PhaseInfo, wanted: string | null): string | null {
  const named = phase.steps.find((step) => step.step === wanted);
  if (named !== undefined) return named.step;
  const urgent = URGENCY.map((status) => phase.steps.find((step) => step.status === status));
  return (urgent.find((step) => step !== undefined) ?? lastStarted(phase) ?? phase.steps[0])?.step ?? null;
}

const lastStarted = (phase: PhaseInfo): StepInfo | undefined =>
  phase.steps.findLast((step) => step.started_at !== null);

const URGENCY: readonly StepInfo['status'][] = ['failed', 'waiting', 'running', 'queued'];
