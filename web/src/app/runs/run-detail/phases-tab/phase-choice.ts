import type { PhaseInfo, RunDetail, StepInfo } from '../../run-models';

/** The phase to show: the one that the address names, else where the run stands. */
export function choosePhase(run: RunDetail, wanted: string | null): PhaseInfo | null {
  const named = run.phases.find((phase) => phase.phase === wanted);
  return named ?? run.phases.find((phase) => phase.phase === run.current_phase) ?? run.phases[0] ?? null;
}

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
