import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { UserEntity } from '../../src/auth/user.entity.js';
import type { Role } from '../../src/auth/domain/permissions.js';
import type { PhaseStatus } from '../../src/runs/domain/phase-status.js';
import { PhaseAttemptEntity } from '../../src/runs/phase-attempt.entity.js';
import { RunInputEntity } from '../../src/runs/run-input.entity.js';
import { RunPhaseEntity } from '../../src/runs/run-phase.entity.js';
import { RunEntity } from '../../src/runs/run.entity.js';
import { StepAttemptEntity } from '../../src/runs/step-attempt.entity.js';
import { StepEntity } from '../../src/runs/step.entity.js';

const AT = new Date('2026-11-22T12:00:00Z');

/** A user whom trusted headers can name. */
export async function seedUser(
  dataSource: DataSource,
  email: string,
  role: Role = 'member',
): Promise<string> {
  const id = v7();
  await dataSource.getRepository(UserEntity).insert({
    id,
    email,
    name: email,
    role,
    passwordHash: null,
    externalId: email,
    disabledAt: null,
    createdAt: AT,
  });
  return id;
}

/** A run of the profile `sample` with the phases planning and building, as it is created. */
export async function seedRun(dataSource: DataSource, ownerId: string): Promise<string> {
  const id = v7();
  await dataSource.getRepository(RunEntity).insert({
    id,
    profile: 'sample',
    profileVersion: 1,
    projectName: 'Sämple "run"',
    ownerId,
    status: 'running',
    currentPhase: 'planning',
    autoAdvance: false,
    phasesTotal: 2,
    phaseStates: [],
    createdAt: AT,
    updatedAt: AT,
  });
  await dataSource.getRepository(RunInputEntity).insert({
    projectName: 'Sämple "run"',
    runId: id,
    intake: null,
    metadata: {},
    parameters: {},
    repository: null,
    template: null,
    search: '',
  });
  await dataSource.getRepository(RunPhaseEntity).insert([
    { runId: id, phase: 'planning', position: 0, status: 'pending' },
    { runId: id, phase: 'building', position: 1, status: 'pending' },
  ]);
  return id;
}

export interface SeededTry {
  readonly runId: string;
  readonly stepAttemptId: string;
  readonly epoch: number;
}

/** A step of a phase's next attempt whose first try is running under the epoch 1. */
export async function seedRunningStep(
  dataSource: DataSource,
  runId: string,
  key: string,
  phase = 'planning',
): Promise<SeededTry> {
  const [phaseAttemptId, stepId, stepAttemptId] = [v7(), v7(), v7()];
  const number = 1 + (await dataSource.getRepository(PhaseAttemptEntity).countBy({ runId, phase }));
  await setPhase(dataSource, runId, phase, 'in_progress', number);
  await dataSource
    .getRepository(PhaseAttemptEntity)
    .insert({ id: phaseAttemptId, runId, phase, number, status: 'in_progress', startedAt: AT });
  await dataSource.getRepository(StepEntity).insert({
    id: stepId,
    runId,
    phaseAttemptId,
    phase,
    key,
    position: 0,
    agentId: key,
    executor: 'command',
    status: 'running',
    epoch: 1,
  });
  await dataSource
    .getRepository(StepAttemptEntity)
    .insert({ id: stepAttemptId, runId, stepId, number: 1, status: 'running', epoch: 1, runAt: AT });
  return { runId, stepAttemptId, epoch: 1 };
}

export async function setPhase(
  dataSource: DataSource,
  runId: string,
  phase: string,
  status: PhaseStatus,
  attempt: number,
): Promise<void> {
  await dataSource.getRepository(RunPhaseEntity).update({ runId, phase }, { status, attempt });
}

/** Appends an event as a change of the run does. */
export async function appendEvent(dataSource: DataSource, runId: string, type: string): Promise<void> {
  await dataSource.transaction(async (tx) => {
    const run = await tx.findOneOrFail(RunEntity, {
      where: { id: runId },
      lock: { mode: 'pessimistic_write' },
    });
    const seq = run.lastSeq + 1;
    await tx.update(RunEntity, { id: runId }, { lastSeq: seq });
    await tx.query(
      `INSERT INTO run_events (run_id, seq, type, at, data, tx)
       VALUES ($1, $2, $3, now(), '{}', pg_current_xact_id()::text::bigint)`,
      [runId, seq, type],
    );
    await tx.query(`SELECT pg_notify('orchestrator_events', $1)`, [`${runId}:${String(seq)}`]);
  });
}
