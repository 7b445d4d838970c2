import {
  cancelRun,
  changeBudget,
  pauseRun,
  requestChanges,
  resumeRun,
  rollBack,
  skipPhase,
} from '../../src/runs/domain/control.js';
import { deliverStep } from '../../src/runs/domain/finish-step.js';
import { askAgain } from '../../src/runs/domain/ask-again.js';
import { judgeAgain, waivePhase } from '../../src/runs/domain/finish-phase.js';
import { stepsToKeep } from '../../src/runs/domain/keep-steps.js';
import { decideNext } from '../../src/runs/domain/next.js';
import { isActive } from '../../src/runs/domain/phase-status.js';
import type { StepState } from '../../src/runs/domain/run-state.js';
import { startPhase } from '../../src/runs/domain/start-phase.js';
import type { RunWorld } from './run-world.js';
import type { Dice } from './random-run.js';

/** Something that may happen to a run as it stands. */
export interface Command {
  readonly name: string;
  readonly apply: (world: RunWorld, dice: Dice) => void;
}

export const pick = <T>(from: readonly T[], by: number): T => {
  const found = from[by % from.length];
  if (found === undefined) throw new Error('Nothing to choose from');
  return found;
};

export const waiver = { by: { id: 'admin', name: 'Admin' }, reason: null };

/** What people may ask for now: every request that the services would not refuse. */
export function requests(world: RunWorld): Command[] {
  return [...requestsAboutRun(world), ...requestsAboutPhase(world), ...decisions(world)];
}

function requestsAboutRun({ run }: RunWorld): Command[] {
  const commands: Command[] = [{ name: 'next', apply: next }];
  if (run.status === 'running') commands.push({ name: 'pause', apply: (world) => world.change(pauseRun) });
  if (run.status === 'paused') commands.push({ name: 'resume', apply: (world) => world.change(resumeRun) });
  if (run.status === 'completed' || run.status === 'cancelled') return commands;
  return [
    ...commands,
    { name: 'cancel', apply: (world) => world.change((change) => cancelRun(change, null)) },
    { name: 'budget', apply: setBudget },
  ];
}

function requestsAboutPhase(world: RunWorld): Command[] {
  const { run, current, phases, definition } = world;
  const commands: Command[] = [];
  if (isActive(current.status)) commands.push({ name: 'replace an artifact', apply: replaceArtifact });
  const optional = definition.phases.find((phase) => phase.name === current.phase)?.optional === true;
  if (run.status === 'running' && current.status === 'pending' && optional) {
    commands.push({ name: 'skip', apply: (held) => held.change((change) => skipPhase(change, null)) });
  }
  if (run.status !== 'cancelled' && phases.some((phase) => phase.status === 'completed')) {
    commands.push({ name: 'rollback', apply: rollback });
  }
  if (run.status === 'failed' && current.status === 'failed') {
    commands.push({ name: 'retry', apply: retry });
    // Somebody uploads an artifact that a blocked gate had judged.
    const attempt = world.attempt;
    if (attempt?.error?.code === 'governance_blocked') {
      commands.push({ name: 'reopen', apply: (held) => void (attempt.reopenedAt = held.now) });
    }
  }
  return commands;
}

function decisions(world: RunWorld): Command[] {
  if (world.run.status !== 'running') return [];
  const waiting = world.currentSteps.filter((step) => step.status === 'waiting');
  const commands: Command[] = [];
  const work = waiting.filter((step) => step.executor !== 'approval');
  if (work.length > 0) {
    commands.push({
      name: 'deliver',
      apply: (held, { about }) =>
        held.change((change) => deliverStep(change, pick(work, about), { summary: null, commit: null })),
    });
  }
  const [approval] = waiting.filter((step) => step.executor === 'approval');
  if (approval === undefined) return commands;
  return [
    ...commands,
    {
      name: 'approve',
      apply: (held) =>
        held.change((change) => deliverStep(change, approval, { summary: null, commit: null })),
    },
    { name: 'ask for changes', apply: (held) => held.change((change) => requestChanges(change, 'again')) },
  ];
}

/** Approval steps that were decided: those whose decisions a changed artifact may void. */
export const decided = (steps: readonly StepState[]): StepState[] =>
  steps.filter(({ executor, status }) => executor === 'approval' && status === 'succeeded');

function replaceArtifact(world: RunWorld, { outcome }: Dice): void {
  world.change((change) => {
    askAgain(change, outcome % 3 === 0 ? [] : decided(change.steps));
  });
}

function next(world: RunWorld, { outcome }: Dice): void {
  world.change((change) => {
    const decision = decideNext(change, outcome % 2 === 0);
    const asked = outcome % 2 === 0 ? waiver : null;
    switch (decision.kind) {
      case 'refuse':
        return;
      case 'start':
        startPhase(change, { waiver: asked });
        return;
      case 'judge_again':
        judgeAgain(change, asked, outcome % 3 === 0 ? [] : decided(change.steps));
        return;
      case 'waive':
        waivePhase(change, ['gate'], waiver);
        return;
    }
  });
}

/** A limit below what was spent, or none. */
function setBudget(world: RunWorld, { outcome }: Dice): void {
  const maxCostUsd = outcome % 3 === 0 ? '0.5' : null;
  world.change((change) => changeBudget(change, { maxCostUsd, maxTokens: null }));
}

function rollback(world: RunWorld, { about }: Dice): void {
  const completed = world.phases.filter((phase) => phase.status === 'completed');
  world.change((change) => rollBack(change, pick(completed, about).phase));
}

function retry(world: RunWorld, { about, outcome }: Dice): void {
  world.change((change) => {
    const steps =
      world.definition.phases.find((phase) => phase.name === change.run.currentPhase)?.steps ?? [];
    const keep = outcome % 2 === 0 ? [] : stepsToKeep(steps, change.steps, pick(steps, about).id);
    startPhase(change, { keep });
  });
}
