import type { Me } from '../auth/auth-gateway';
import type { PhaseInfo, RunDetail } from './run-models';

export type RunAction =
  | 'advance'
  | 'retry'
  | 'waive'
  | 'approve'
  | 'reject'
  | 'skip'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'clone'
  | 'share'
  | 'archive'
  | 'erase';

type Actor = Pick<Me, 'user_id' | 'role' | 'permissions'>;

/** The phase that the run stands in. */
export function currentPhase(run: RunDetail): PhaseInfo | null {
  return run.phases.find((phase) => phase.phase === run.current_phase) ?? null;
}

/** Gates that keep the run from going on. */
export function blockedGates(phase: PhaseInfo | null) {
  return phase?.gates.filter((gate) => gate.status === 'blocked') ?? [];
}

/**
 * What this person may do with the run as it stands, the one that moves it first.
 * The server decides again; this keeps what it would refuse off the screen.
 */
export function legalActions(run: RunDetail, actor: Actor | null): readonly RunAction[] {
  if (actor === null) return [];
  const around: RunAction[] = [];
  if (actor.permissions.includes('runs:create')) around.push('clone');
  if (actor.permissions.includes('runs:share') && run.access === 'own') around.push('share');
  return actor.permissions.includes('runs:operate') ? [...possibleWithin(run, actor), ...around] : around;
}

const possibleWithin = (run: RunDetail, actor: Actor): RunAction[] =>
  possible(run, actor).filter((action) => within(run.access, action));

/** A run that is shared to look at can be decided on, one that is shared for editing not be put away. */
function within(access: RunDetail['access'], action: RunAction): boolean {
  switch (access) {
    case 'own':
      return true;
    case 'edit':
      return action !== 'archive' && action !== 'erase';
    case 'view':
      return action === 'approve' || action === 'reject';
  }
}

function possible(run: RunDetail, actor: Actor): RunAction[] {
  switch (run.status) {
    case 'completed':
    case 'cancelled':
      return [putAway(run)];
    case 'paused':
      return ['resume', 'cancel'];
    case 'failed':
      return [...failedActions(run, actor), 'cancel', putAway(run)];
    case 'running':
      return [...runningActions(run, actor), 'pause', 'cancel'];
  }
}

const putAway = (run: RunDetail): RunAction => (run.archived_at === null ? 'archive' : 'erase');

const operates = (run: RunDetail, actor: Actor | null): boolean =>
  run.access !== 'view' && (actor?.permissions.includes('runs:operate') ?? false);

/** Whether this person may change what the run may cost. */
export const mayChangeLimits = (run: RunDetail, actor: Actor | null): boolean =>
  operates(run, actor) && run.status !== 'completed' && run.status !== 'cancelled';

/** Whether the run can return to the end of this phase as it stands: it is completed, and something came after it. */
export function mayReturnTo(run: RunDetail, phase: PhaseInfo, actor: Actor | null): boolean {
  const position = run.phases.indexOf(phase);
  const later = run.phases.slice(position + 1);
  return (
    operates(run, actor) &&
    position >= 0 &&
    run.status !== 'cancelled' &&
    phase.status === 'completed' &&
    later.some(({ status }) => status !== 'pending')
  );
}

/** Whether the phase as it stands can be tried again from one of its steps. */
export function mayRetryFrom(run: RunDetail, phase: PhaseInfo, actor: Actor | null): boolean {
  return (
    operates(run, actor) &&
    run.status === 'failed' &&
    phase.status === 'failed' &&
    run.phases.includes(phase) &&
    phase.phase === run.current_phase
  );
}

function failedActions(run: RunDetail, actor: Actor): RunAction[] {
  const phase = currentPhase(run);
  const waivable = actor.permissions.includes('runs:waive') && blockedGates(phase).length > 0;
  return waivable ? ['retry', 'waive'] : ['retry'];
}

function runningActions(run: RunDetail, actor: Actor): RunAction[] {
  const phase = currentPhase(run);
  if (phase !== null && awaitsDecision(phase))
    return mayDecide(phase, run, actor) ? ['approve', 'reject'] : [];
  if (phase?.status === 'pending' && run.waiting_on?.kind === 'advance') {
    return phase.optional ? ['advance', 'skip'] : ['advance'];
  }
  if (phase?.status === 'failed') return failedActions(run, actor);
  return [];
}

/** Whether somebody is to decide on the phase, perhaps while other steps of it execute still. */
export const awaitsDecision = ({ status, approval, steps }: PhaseInfo): boolean =>
  status === 'awaiting_approval' ||
  (status === 'in_progress' &&
    steps.some((step) => step.step === approval?.step && step.status === 'waiting'));

const RANK = { viewer: 0, member: 1, admin: 2 } as const;

function mayDecide(phase: PhaseInfo, run: RunDetail, actor: Actor): boolean {
  const approval = phase.approval;
  if (approval === null) return false;
  const own = run.owner.user_id === actor.user_id && !approval.self_approval;
  const decided = approval.decisions.some((decision) => decision.user_id === actor.user_id);
  return !own && !decided && RANK[actor.role] >= RANK[approval.role];
}
