import type { GateVerdict } from '../../src/governance/domain/evidence.js';
import { failPhase, failure, finishPhase, judge } from '../../src/runs/domain/finish-phase.js';
import { claimStep, expireStep, finishStep } from '../../src/runs/domain/finish-step.js';
import { isRunHere } from '../../src/runs/domain/schedule-steps.js';
import type { StepState } from '../../src/runs/domain/run-state.js';
import { isDone } from '../../src/runs/domain/step-status.js';
import type { StepOutcomeFacts } from '../../src/runs/domain/step-outcome.js';
import { pick, type Command } from './commands.js';
import type { Dice } from './random-run.js';
import { keyOf, LEASE_MS, type HeldClaim, type RunWorld } from './run-world.js';

/** What processes may do now: take jobs, claim, beat, deliver early or late, evaluate, die, and sweep. */
export function doings(world: RunWorld): Command[] {
  const commands: Command[] = [{ name: 'sweep', apply: sweep }];
  if (dueJobs(world).length > 0) commands.push({ name: 'take a job', apply: takeJob });
  if (claimable(world).length > 0) commands.push({ name: 'claim', apply: claimWaiting });
  if (world.claims.length > 0) {
    commands.push({
      name: 'deliver a try',
      apply: (held, dice) => deliver(held, pick(held.claims, dice.about), dice),
    });
    commands.push({ name: 'heartbeat', apply: heartbeat }, { name: 'call back', apply: callBack });
  }
  if (world.evaluations.length > 0) commands.push({ name: 'settle', apply: settle });
  return commands;
}

export const dueJobs = (world: RunWorld) =>
  [...world.jobs.values()].filter((job) => job.kind === 'finish_phase' || job.runAt <= world.now);

/** A job is taken once; whether there is anything to be had is decided on the rows. */
export function takeJob(world: RunWorld, { about }: Pick<Dice, 'about'>): void {
  const job = pick(dueJobs(world), about);
  world.jobs.delete(keyOf(job));
  if (job.kind === 'finish_phase') beginEvaluation(world, job.phaseAttemptId);
  // No provider is set up in this world: offers come to nothing.
  else if (job.kind === 'run_step') claimQueued(world, job.stepAttemptId);
}

function claimQueued(world: RunWorld, tryId: string): void {
  world.change((change) => {
    const held = change.tries.find((candidate) => candidate.id === tryId);
    const step = change.steps.find((candidate) => candidate.id === held?.stepId);
    if (held === undefined || step === undefined || change.run.status !== 'running') return;
    if (step.status !== 'queued' || held.status !== 'queued' || held.runAt > change.now) return;
    const { epoch } = claimStep(change, step, { workerId: 'here', leaseMs: LEASE_MS });
    world.claims.push({ tryId, epoch });
  });
}

export const claimable = (world: RunWorld) =>
  world.currentSteps.filter((step) => {
    const held = world.newestTry(step);
    const free = held === undefined || (held.status === 'queued' && held.runAt <= world.now);
    const open = step.status === 'waiting' && (step.executor === 'worker' || step.executor === 'llm');
    return world.run.status === 'running' && open && free;
  });

export function claimWaiting(world: RunWorld, { about }: Pick<Dice, 'about'>): void {
  const step = pick(claimable(world), about);
  world.change((change) => {
    const { id, epoch } = claimStep(change, step, { workerId: 'elsewhere', leaseMs: LEASE_MS });
    world.claims.push({ tryId: id, epoch });
  });
}

function heartbeat(world: RunWorld, { about }: Dice): void {
  const { tryId, epoch } = pick(world.claims, about);
  const held = world.tries.find((candidate) => candidate.id === tryId);
  if (held?.status === 'running' && held.epoch === epoch) {
    held.leaseExpiresAt = new Date(world.now.getTime() + LEASE_MS);
  }
}

const OUTCOMES: readonly StepOutcomeFacts['kind'][] = ['succeeded', 'succeeded', 'failed', 'handed_back'];

/** A worker comes back with a claim: while it holds it, or long after. */
export function deliver(world: RunWorld, claim: HeldClaim, { outcome }: Pick<Dice, 'outcome'>): void {
  world.change(
    (change) => {
      const held = change.tries.find((candidate) => candidate.id === claim.tryId);
      const step = change.steps.find((candidate) => candidate.id === held?.stepId);
      if (held === undefined || step === undefined || held.epoch !== claim.epoch) return;
      if (held.status === 'cancelled') held.epoch += 1;
      if (held.status === 'running') finishStep(change, step, held, facts(world, step, outcome));
    },
    (outcome % 100) / 100,
  );
  // What the try used is in the ledger, whatever became of it.
  if (outcome % 5 === 0) world.run.costUsd = '1';
}

function facts(world: RunWorld, step: StepState, outcome: number): StepOutcomeFacts {
  const kind = pick(OUTCOMES, outcome);
  switch (kind) {
    case 'succeeded':
      if (wantsCallback(world, step)) {
        return { kind: 'awaiting_callback', expiresAt: new Date(world.now.getTime() + 60_000) };
      }
      return SUCCEEDED;
    case 'handed_back':
      return { kind };
    default:
      return {
        kind: 'failed',
        failure: failure('timeout', 'It took too long.', step.phase),
        retryable: outcome % 3 !== 0,
        warnings: [],
      };
  }
}

const wantsCallback = ({ definition }: RunWorld, { phase, key }: StepState): boolean => {
  const steps = definition.phases.find((candidate) => candidate.name === phase)?.steps ?? [];
  const executor = steps.find((candidate) => candidate.id === key)?.executor;
  return executor?.kind === 'http' && executor.callback;
};

/** A service tells how its work ended: when it is awaited, before its call was answered, twice, or too late. */
function callBack(world: RunWorld, { about, outcome }: Dice): void {
  const { tryId, epoch } = pick(world.claims, about);
  world.change((change) => {
    const held = change.tries.find((candidate) => candidate.id === tryId);
    const step = change.steps.find((candidate) => candidate.id === held?.stepId);
    const awaited = step?.executor === 'http' && (step.status === 'waiting' || step.status === 'running');
    if (held?.epoch !== epoch || !awaited) return;
    const told = failure('callback_failed', 'It failed.', step.phase);
    finishStep(change, step, held, outcome % 3 === 0 ? { ...FAILED, failure: told } : SUCCEEDED);
  });
}

const SUCCEEDED = { kind: 'succeeded', summary: null, commit: null, warnings: [] } as const;
const FAILED = { kind: 'failed', retryable: false, warnings: [] } as const;

function beginEvaluation(world: RunWorld, attemptId: string): void {
  world.change((change) => {
    const { attempt, run } = change;
    if (attempt?.id !== attemptId || run.status !== 'running' || attempt.status !== 'in_progress') return;
    if (!change.steps.every((step) => isDone(step.status))) return;
    if (attempt.leaseExpiresAt !== null && attempt.leaseExpiresAt > change.now) return;
    attempt.epoch += 1;
    attempt.leaseExpiresAt = new Date(change.now.getTime() + LEASE_MS);
    world.evaluations.push({ attemptId, epoch: attempt.epoch });
  });
}

/** An evaluation ends: at once, long after somebody else evaluated the same, or after all is over. */
export function settle(world: RunWorld, { about, outcome }: Dice): void {
  const { attemptId, epoch } = pick(world.evaluations, about);
  world.change((change) => {
    const { attempt } = change;
    const holds = attempt?.id === attemptId && attempt.epoch === epoch && attempt.status === 'in_progress';
    if (!holds) return;
    if (outcome % 7 === 0) failPhase(change, failure('merge_conflict', 'Two steps disagree.', attempt.phase));
    else finishPhase(change, judge([verdict(outcome % 3 === 0)], attempt.waiver), 'commit');
  });
}

const verdict = (blocked: boolean): GateVerdict => ({
  ...{ gateId: 'gate', kind: 'metric', severity: 'block', weight: 1 },
  status: blocked ? 'blocked' : 'passed',
  ...{ threshold: null, actual: null, message: 'It was judged.', remedy: null },
  evidence: [],
  definition: {
    ...{ id: 'gate', severity: 'block', weight: 1, remedy: null, kind: 'metric', metric: 'm' },
    ...{ min: null, max: null },
  },
});

/** One round of the sweep: lost tries, expired waits, and jobs that nobody knows of. */
export function sweep(world: RunWorld): void {
  for (const held of world.tries.filter((one) => one.status === 'running')) markLost(world, held.id);
  if (world.run.status !== 'running') return;
  for (const step of world.currentSteps) {
    world.change((change) => {
      const over = step.status === 'waiting' && step.expiresAt !== null && step.expiresAt < change.now;
      if (over && change.run.status === 'running' && change.steps.includes(step)) expireStep(change, step);
    });
  }
  findForgotten(world);
}

function markLost(world: RunWorld, tryId: string): void {
  world.change((change) => {
    const held = change.tries.find((candidate) => candidate.id === tryId);
    const step = change.steps.find((candidate) => candidate.id === held?.stepId);
    if (step === undefined || held?.status !== 'running') return;
    if (held.leaseExpiresAt === null || held.leaseExpiresAt >= change.now) return;
    finishStep(change, step, held, {
      kind: 'lost',
      failure: failure('lost', 'Its worker stopped answering.', step.phase),
      retryable: true,
      warnings: [],
    });
  });
}

function findForgotten(world: RunWorld): void {
  const { attempt } = world;
  if (world.run.status !== 'running' || attempt === null) return;
  for (const step of world.currentSteps.filter((one) => one.status === 'queued' && isRunHere(one.executor))) {
    const held = world.newestTry(step);
    if (held?.status !== 'queued' || held.runAt.getTime() > world.now.getTime() - 5000) continue;
    world.jobs.set(`run_step:${held.id}`, { kind: 'run_step', stepAttemptId: held.id, runAt: world.now });
  }
  const free = attempt.leaseExpiresAt === null || attempt.leaseExpiresAt < world.now;
  if (attempt.status === 'in_progress' && free && world.currentSteps.every((step) => isDone(step.status))) {
    world.jobs.set(`finish_phase:${attempt.id}`, { kind: 'finish_phase', phaseAttemptId: attempt.id });
  }
}
