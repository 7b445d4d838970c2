import { isActive, isPassed } from '../../src/runs/domain/phase-status.js';
import { isRunHere } from '../../src/runs/domain/schedule-steps.js';
import { isDone, isOpen } from '../../src/runs/domain/step-status.js';
import type { RunWorld } from './run-world.js';

/** Asked millions of times: a plain comparison, and words only where it fails. */
function must(holds: boolean, promise: string, seen?: unknown): void {
  if (!holds) throw new Error(`Broken: ${promise}; seen ${JSON.stringify(seen)}`);
}

/** What must hold of a run after every change, whatever happened to it. */
export function expectSound(world: RunWorld): void {
  oneActivePhase(world);
  nothingOpenElsewhere(world);
  runAndCurrentPhaseAgree(world);
  triesAgreeWithSteps(world);
  summaryEqualsParts(world);
  attemptsAreCounted(world);
  saysWhatItWaitsFor(world);
  neverStuck(world);
}

/** What may only go one way, as it stands: compared with itself after the next command. */
export interface Marks {
  readonly ended: string | null;
  readonly epochs: ReadonlyMap<string, number>;
  readonly worked: ReadonlyMap<string, number>;
}

export function marksOf({ run, phases, attempts, steps }: RunWorld): Marks {
  // What a cancelled step had used is still recorded, and a look that changes nothing is not saved.
  const fixed = { ...run, costUsd: null, updatedAt: null };
  return {
    ended: run.status === 'cancelled' ? JSON.stringify([fixed, phases, attempts, steps]) : null,
    epochs: new Map([...attempts, ...steps].map(({ id, epoch }) => [id, epoch])),
    worked: new Map(attempts.flatMap(({ id, workingMs }) => (workingMs === null ? [] : [[id, workingMs]]))),
  };
}

/** A cancelled run is final, epochs only rise, and working time counts once. */
export function expectOneWay(before: Marks, after: Marks): void {
  if (before.ended !== null) must(after.ended === before.ended, 'a cancelled run is final', after.ended);
  for (const [id, epoch] of before.epochs) must((after.epochs.get(id) ?? -1) >= epoch, 'epochs rise', id);
  for (const [id, worked] of before.worked) {
    must(after.worked.get(id) === worked, 'working time is counted once', id);
  }
}

function oneActivePhase({ phases, attempts, run }: RunWorld): void {
  const active = phases.filter((phase) => isActive(phase.status));
  must(active.length <= 1, 'one phase at most is active', active);
  must(
    active.every((phase) => phase.phase === run.currentPhase),
    'the active phase is the current one',
    active,
  );
  const trying = attempts.filter((attempt) => isActive(attempt.status));
  must(trying.length === active.length, 'an attempt is active as its phase is', trying);
}

function nothingOpenElsewhere(world: RunWorld): void {
  const allowed = isActive(world.current.status) ? world.currentSteps : [];
  const astray = world.steps.filter((step) => isOpen(step.status) && !allowed.includes(step));
  must(astray.length === 0, 'open steps are of the current attempt of an active phase', astray);
}

function runAndCurrentPhaseAgree({ run, phases, current }: RunWorld): void {
  const { status } = run;
  const before = phases.filter((phase) => phase.position < current.position);
  must(
    status === 'cancelled' || before.every((phase) => isPassed(phase.status)),
    'phases are passed in order',
    before,
  );
  must(
    (run.completedAt !== null) === (status === 'completed' || status === 'cancelled'),
    'an end has a time',
  );
  must((status === 'completed') === phases.every((phase) => isPassed(phase.status)), 'complete is complete');
  if (status === 'running' || status === 'paused') {
    must(run.failure === null, 'what goes on has not failed', run.failure);
    must(['pending', 'in_progress', 'awaiting_approval'].includes(current.status), 'it can go on', current);
  }
  if (status === 'failed') {
    must(current.status === 'failed' && run.failure !== null, 'a run fails with its phase', current);
  }
}

function triesAgreeWithSteps(world: RunWorld): void {
  for (const step of world.steps) {
    const tries = world.tries.filter((held) => held.stepId === step.id);
    must(tries.length === step.tries, 'tries are counted', step);
    must(
      tries.every((held, index) => held.number === index + 1),
      'tries are numbered',
      tries,
    );
    const open = tries.filter((held) => held.status === 'queued' || held.status === 'running');
    must(open.length <= 1, 'one try at most is open', open);
    must(isOpen(step.status) || open.length === 0, 'a step that ended has no open try', open);
    must(step.status !== 'queued' || open[0]?.status === 'queued', 'a queued step has a queued try', open);
    const [held] = open;
    const running = held?.status === 'running' && held.epoch === step.epoch && held.leaseExpiresAt !== null;
    must((step.status === 'running') === running, 'a running step has one holder with a lease', tries);
    must(running || tries.every((one) => one.leaseExpiresAt === null), 'only what runs has a lease', tries);
  }
}

function summaryEqualsParts({ run, phases, attempts }: RunWorld): void {
  const states = phases.map(({ phase, status }) => ({ phase, status }));
  must(JSON.stringify(run.phaseStates) === JSON.stringify(states), 'the summary shows the phases', states);
  const done = phases.filter((phase) => isPassed(phase.status)).length;
  must(run.phasesDone === done, 'the summary counts the phases', run);
  const worked = attempts.reduce((sum, attempt) => sum + (attempt.workingMs ?? 0), 0);
  must(run.workingMs === worked, 'a run has worked as long as its attempts', run);
  const inPhases = phases.reduce((sum, phase) => sum + phase.workingMs, 0);
  must(inPhases === worked, 'phases have worked as long as their attempts', phases);
}

function attemptsAreCounted({ phases, attempts }: RunWorld): void {
  for (const { phase, status, attempt } of phases) {
    const own = attempts.filter((held) => held.phase === phase);
    must(own.length === attempt, 'attempts are counted', own);
    must(
      own.every((held, index) => held.number === index + 1),
      'attempts are numbered',
      own,
    );
    if (isActive(status) || status === 'completed' || status === 'failed') {
      must(own.at(-1)?.status === status, 'a phase stands as its newest attempt does', own);
    }
    for (const held of own) {
      must((held.completedAt !== null) === (held.workingMs !== null), 'an end has a working time', held);
      must(isActive(held.status) || held.workingMs !== null, 'an attempt that ended is closed', held);
    }
  }
}

function saysWhatItWaitsFor({ run, current }: RunWorld): void {
  const says = run.status === 'running' || run.status === 'failed';
  const said = [run.waitingKind, run.waitingDetail, run.waitingSince];
  must(
    said.every((part) => (part !== null) === says),
    'a run that is not at its end, and no other, says what it waits for',
    said,
  );
  if (!says) return;
  const kinds = isActive(current.status)
    ? ['phase', 'approval', 'worker', 'agent', 'retry']
    : ['advance', 'budget'];
  must(kinds.includes(run.waitingKind ?? ''), 'it says what would move it', said);
}

/** A running phase is moved on by a job, a lease that ends, or somebody who is awaited; no sweep is needed for it. */
function neverStuck(world: RunWorld): void {
  if (world.run.status !== 'running' || !isActive(world.current.status)) return;
  const { attempt, currentSteps: steps } = world;
  for (const step of steps.filter((one) => one.status === 'queued')) {
    const job = world.jobs.get(`run_step:${world.newestTry(step)?.id ?? ''}`);
    must(isRunHere(step.executor) && job !== undefined, 'a queued step has a job', step);
  }
  if (steps.every((step) => isDone(step.status))) {
    const evaluated = attempt?.leaseExpiresAt !== null || world.jobs.has(`finish_phase:${attempt.id}`);
    must(evaluated && attempt?.status === 'in_progress', 'a phase that is done is evaluated', attempt);
  } else {
    const moving = steps.filter((step) => isOpen(step.status) && step.status !== 'pending');
    must(moving.length > 0, 'a phase that is not done has a step in motion', steps);
  }
}
