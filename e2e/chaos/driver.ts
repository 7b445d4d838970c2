import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunDetailDto } from '../../server/src/runs/dto/run-detail.dto.js';
import type { RunSummaryDto } from '../../server/src/runs/dto/run-summary.dto.js';
import type { Caller } from './client.ts';
import { pick, type Random } from './random.ts';
import { watchRun, type Watched } from './watcher.ts';

const LOOK_MS = 150;
const RETRIES_OF_A_RUN = 12;

/** What the callers were told, to be compared with what the database says in the end. */
export interface Told {
  /** Run ids by the key they were created with. */
  readonly created: Map<string, Set<string>>;
  /** `run/phase/attempt/step` of every step that was shown as succeeded. */
  readonly succeeded: Set<string>;
  /** Runs that were cancelled, and answers that contradict each other. */
  readonly cancelled: Set<string>;
  readonly contradictions: string[];
  /** What the clients of the event streams saw. */
  readonly watched: Watched[];
}

export const nothingTold = (): Told => ({
  created: new Map(),
  succeeded: new Set(),
  cancelled: new Set(),
  contradictions: [],
  watched: [],
});

/**
 * Creates runs, one after the other, drives each to its end and reads its stream of events beside that, until `ended`
 * says so; then no more are created.
 */
export async function driveRuns(
  caller: Caller,
  names: readonly string[],
  random: Random,
  told: Told,
  ended: () => boolean,
): Promise<void> {
  while (!ended()) {
    const runId = await create(caller, pick(random, names), random, told);
    const watched: Watched = { runId, seen: [], reconnects: 0, ended: false };
    told.watched.push(watched);
    await Promise.all([driveRun(caller, runId, random, told), watchRun(caller, watched)]);
  }
}

/** Sends the creation twice at once under one key: both answers are the same run. */
async function create(caller: Caller, profile: string, random: Random, told: Told): Promise<string> {
  const key = randomUUID();
  const asked = { profile, metadata: { chaos_key: key }, auto_advance: random() < 0.4 };
  const send = () => caller.ask<RunSummaryDto>('POST', '/runs', asked, key);
  const answers = random() < 0.3 ? await Promise.all([send(), send()]) : [await send()];
  const ids = new Set(answers.map(({ body }) => body.run_id));
  told.created.set(key, ids);
  if (ids.size !== 1) told.contradictions.push(`key ${key} created ${[...ids].join(' and ')}`);
  for (const { status, body } of answers) {
    if (status !== 201) throw new Error(`A run is refused with ${status}: ${JSON.stringify(body)}`);
  }
  return [...ids][0] ?? '';
}

async function driveRun(caller: Caller, runId: string, random: Random, told: Told): Promise<void> {
  let retries = 0;
  for (;;) {
    const { status, body: run } = await caller.ask<RunDetailDto>('GET', `/runs/${runId}`);
    if (status !== 200) throw new Error(`Run ${runId} was created, and now: ${status}`);
    note(run, told);
    if (run.status === 'completed' || run.status === 'cancelled') return;
    if (run.status === 'failed') retries += 1;
    const act = retries > RETRIES_OF_A_RUN ? 'cancel' : decide(run, random);
    if (act !== null) await perform(caller, run, act, random, told);
    await delay(LOOK_MS);
  }
}

function note(run: RunDetailDto, told: Told): void {
  for (const phase of run.phases) {
    for (const step of phase.steps) {
      if (step.status === 'succeeded')
        told.succeeded.add(`${run.run_id}/${phase.phase}/${phase.attempt}/${step.step}`);
    }
  }
}

type Act = 'next' | 'approve' | 'pause' | 'resume' | 'cancel';

function decide(run: RunDetailDto, random: Random): Act | null {
  if (run.status === 'paused') return random() < 0.3 ? 'resume' : null;
  if (random() < 0.01) return 'pause';
  if (random() < 0.004) return 'cancel';
  switch (run.waiting_on?.kind) {
    case 'advance':
      return 'next';
    case 'approval':
      return 'approve';
    default:
      return null;
  }
}

async function perform(
  caller: Caller,
  run: RunDetailDto,
  act: Act,
  random: Random,
  told: Told,
): Promise<void> {
  const base = `/runs/${run.run_id}`;
  switch (act) {
    case 'next':
      await Promise.all(
        Array.from({ length: random() < 0.3 ? 3 : 1 }, () =>
          caller.ask('POST', `${base}/next`, {}, randomUUID()),
        ),
      );
      return;
    case 'approve':
      await caller.ask('POST', `${base}/phases/${run.current_phase}/approve`, {}, randomUUID());
      return;
    case 'cancel': {
      const { status } = await caller.ask('POST', `${base}/cancel`, {}, randomUUID());
      if (status === 200) told.cancelled.add(run.run_id);
      return;
    }
    case 'pause':
    case 'resume':
      await caller.ask('POST', `${base}/${act}`, undefined, randomUUID());
  }
}
