import { budgetReached } from './budget.js';
import { currentPhase, type Change } from './change.js';
import { isActive, isPassed } from './phase-status.js';
import { isStartable } from './step-status.js';
import type { StepState } from './run-state.js';
import type { WaitingKind } from './waiting.js';

/** Brings the run's summary figures in line with its parts; called once at the end of every change. */
export function summarise(change: Change): void {
  const { run } = change;
  run.phaseStates = change.phases.map(({ phase, status }) => ({ phase, status }));
  run.phasesDone = change.phases.filter((phase) => isPassed(phase.status)).length;
  run.updatedAt = change.now;
  const waiting = waitingOn(change);
  const kind = waiting?.kind ?? null;
  const detail = waiting?.detail ?? null;
  if (kind !== run.waitingKind || detail !== run.waitingDetail) {
    run.waitingSince = kind === null ? null : change.now;
  }
  run.waitingKind = kind;
  run.waitingDetail = detail;
}

interface Waiting {
  readonly kind: WaitingKind;
  readonly detail: string;
}

function waitingOn(change: Change): Waiting | null {
  const { run } = change;
  if (run.status !== 'running' && run.status !== 'failed') return null;
  const phase = currentPhase(change);
  if (isActive(phase.status)) return activePhase(change);
  if (phase.status === 'failed') return { kind: 'advance', detail: failed(change) };
  const spent = budgetReached(change);
  if (spent !== null) return { kind: 'budget', detail: spent };
  return { kind: 'advance', detail: `Advance to execute ${phase.phase}.` };
}

function failed(change: Change): string {
  const phase = currentPhase(change);
  if (change.attempt?.reopenedAt)
    return `What was judged in ${phase.phase} has changed. Advance to have it judged again.`;
  return phase.error?.code === 'governance_blocked'
    ? `${phase.error.message} Mend it and retry ${phase.phase}, or waive the gate.`
    : `${phase.phase} failed: ${asSentence(phase.error?.message ?? 'no reason was given')} Retry it.`;
}

const asSentence = (text: string): string => (/[.!?]$/.test(text.trimEnd()) ? text : `${text}.`);

function activePhase(change: Change): Waiting {
  const phase = change.run.currentPhase;
  const has = (status: StepState['status'], executor?: StepState['executor']): StepState | undefined =>
    change.steps.find(
      (step) => step.status === status && (executor === undefined || step.executor === executor),
    );
  const spent = budgetHold(change);
  if (spent !== null) return { kind: 'budget', detail: spent };
  const running = has('running');
  if (running !== undefined)
    return { kind: 'phase', detail: `Executing ${phase}: ${names(change, 'running')}.` };
  const retrying = change.steps.find((step) => step.status === 'queued' && step.tries > 1);
  if (retrying !== undefined) return { kind: 'retry', detail: retryDetail(change, retrying) };
  const held = change.steps.find((step) => step.heldBy !== null && isStartable(step.status));
  if (held !== undefined)
    return { kind: budgetReached(change) === null ? 'worker' : 'budget', detail: held.heldBy ?? '' };
  if (has('queued') !== undefined) return { kind: 'phase', detail: `Queued: ${names(change, 'queued')}.` };
  const agent = has('waiting', 'llm');
  if (agent !== undefined) return { kind: 'agent', detail: agentDetail(agent) };
  const called = has('waiting', 'http');
  if (called !== undefined) return { kind: 'worker', detail: callbackDetail(called) };
  const worker = has('waiting', 'worker');
  if (worker !== undefined) {
    return {
      kind: 'worker',
      detail: `Step ${worker.key} waits for a worker to claim it, or for a person to deliver it.`,
    };
  }
  const approval = has('waiting', 'approval');
  if (approval !== undefined)
    return { kind: 'approval', detail: `Step ${approval.key} of ${phase} awaits a decision.` };
  return { kind: 'phase', detail: `Evaluating the gates of ${phase}.` };
}

/** What the steps that run wait for, where all of them do; null where any goes on. */
function budgetHold(change: Change): string | null {
  const running = change.steps.filter((step) => step.status === 'running');
  return running.every((step) => step.budgetHold !== null) ? (running[0]?.budgetHold ?? null) : null;
}

const names = (change: Change, status: StepState['status']): string =>
  change.steps
    .filter((step) => step.status === status)
    .map((step) => step.key)
    .join(', ');

function retryDetail(change: Change, step: StepState): string {
  const due = change.tries.find((held) => held.stepId === step.id)?.runAt;
  const at = due === undefined ? '' : ` at ${due.toISOString()}`;
  return `Step ${step.key} is tried again${at}: ${step.error?.message ?? 'the last try failed.'}`;
}

const callbackDetail = ({ key, expiresAt }: StepState): string =>
  `Step ${key} awaits the callback of the service it called until ${expiresAt?.toISOString() ?? 'it comes'}.`;

const agentDetail = (step: StepState): string =>
  `Step ${step.key} waits for agent ${step.agentId}: no model provider has taken it up. ` +
  'Set up a provider that serves its model, deliver its artifacts and complete the step, or let a worker claim it.';
