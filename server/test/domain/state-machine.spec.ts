import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resumeRun } from '../../src/runs/domain/control.js';
import { deliverStep } from '../../src/runs/domain/finish-step.js';
import { judgeAgain } from '../../src/runs/domain/finish-phase.js';
import { decideNext } from '../../src/runs/domain/next.js';
import { startPhase } from '../../src/runs/domain/start-phase.js';
import { decided, pick, requests, type Command } from './commands.js';
import { expectOneWay, expectSound, marksOf } from './invariants.js';
import { claimWaiting, claimable, deliver, doings, dueJobs, settle, sweep, takeJob } from './machinery.js';
import { dice, scenario, type Dice, type Scenario } from './random-run.js';
import { RunWorld } from './run-world.js';

const RUNS = 250;
const SUCCESS = { which: 0, about: 0, outcome: 1, passedMs: 0 };

const worldOf = ({ profile, on, autoAdvance }: Scenario): RunWorld =>
  new RunWorld(profile, { on }, autoAdvance);

/** Does what chance says, and looks at the run after each. Gives what was done, for the message of a failure. */
function play(world: RunWorld, throws: readonly Dice[], without: readonly string[] = []): string[] {
  const done: string[] = [];
  for (const thrown of throws) {
    world.pass(thrown.passedMs);
    const possible = [...requests(world), ...doings(world)].filter(({ name }) => !without.includes(name));
    const command: Command = pick(possible, thrown.which);
    done.push(command.name);
    const before = marksOf(world);
    try {
      command.apply(world, thrown);
      expectSound(world);
      expectOneWay(before, marksOf(world));
    } catch (error) {
      throw new Error(`After ${done.join(', ')}: ${String(error)}`, { cause: error });
    }
  }
  return done;
}

/** Everybody does what is theirs, and all goes well. */
function goodHands(world: RunWorld): void {
  if (world.run.status === 'paused') world.change(resumeRun);
  world.pass(60_000);
  sweep(world);
  while (dueJobs(world).length > 0) takeJob(world, SUCCESS);
  while (claimable(world).length > 0) claimWaiting(world, SUCCESS);
  for (const claim of world.claims.splice(0)) deliver(world, claim, SUCCESS);
  world.evaluations.forEach((_, about) => settle(world, { ...SUCCESS, about }));
  for (const step of world.currentSteps.filter((one) => one.status === 'waiting')) {
    world.change((change) => {
      if (change.steps.includes(step)) deliverStep(change, step, { summary: null, commit: null });
    });
  }
  world.change((change) => {
    const { kind } = decideNext(change, false);
    if (kind === 'start') startPhase(change);
    if (kind === 'judge_again') judgeAgain(change, null, decided(change.steps));
  });
}

describe('the state machine of runs', () => {
  it('keeps its promises after every one of any interleaving of commands', () => {
    fc.assert(
      fc.property(
        scenario,
        fc.array(dice, { minLength: 10, maxLength: 80, size: 'max' }),
        (given, throws) => {
          play(worldOf(given), throws);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('leads every run to its end, wherever chance has left it, once everybody does what is theirs', () => {
    fc.assert(
      fc.property(scenario, fc.array(dice, { maxLength: 60, size: 'max' }), (given, throws) => {
        const world = worldOf(given);
        const done = play(world, throws, ['cancel', 'budget']);
        world.run.costUsd = '0';
        for (let rounds = 0; rounds < 200 && world.run.status !== 'completed'; rounds += 1) goodHands(world);
        expect({ status: world.run.status, detail: world.run.waitingDetail, done }).toMatchObject({
          status: 'completed',
        });
        expectSound(world);
      }),
      { numRuns: RUNS },
    );
  });

  it('starts nothing of a run after it was cancelled, whoever comes back with what', () => {
    fc.assert(
      fc.property(
        scenario,
        fc.array(dice, { size: 'max', maxLength: 40 }),
        fc.array(dice),
        (given, one, two) => {
          const world = worldOf(given);
          play(world, one, ['cancel']);
          if (world.run.status === 'completed') return;
          requests(world)
            .find(({ name }) => name === 'cancel')
            ?.apply(world, SUCCESS);
          const open = world.tries.filter((held) => held.status === 'queued' || held.status === 'running');
          expect(open).toEqual([]);
          play(world, two);
          expect(world.run.status).toBe('cancelled');
          expect(
            world.steps.filter((step) => ['queued', 'running', 'waiting'].includes(step.status)),
          ).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
