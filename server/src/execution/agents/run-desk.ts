import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RunSignals } from '../../live/run-signals.js';
import { emit, SYSTEM } from '../../runs/domain/change.js';
import { RunChanges } from '../../runs/run-changes.js';
import { AgentDesk, type AgentSeat } from '../executors/llm/desk.js';
import { LocalWorker } from '../local-worker.js';

/** What agents ask of their runs, from the database. */
@Injectable()
export class RunDesk extends AgentDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: RunChanges,
    private readonly signals: RunSignals,
    private readonly worker: LocalWorker,
  ) {
    super();
  }

  override async seat(stepAttemptId: string): Promise<AgentSeat> {
    const [row] = await this.dataSource.query<(AgentSeat['place'] & { readonly ownerId: string })[]>(
      `SELECT s.run_id AS "runId", s.phase_attempt_id AS "phaseAttemptId", s.phase, s.key AS step,
         s.agent_id AS "agentId", r.owner_id AS "ownerId"
       FROM step_attempts t JOIN steps s ON s.id = t.step_id JOIN runs r ON r.id = s.run_id WHERE t.id = $1`,
      [stepAttemptId],
    );
    if (row === undefined) throw new Error(`There is no try ${stepAttemptId}`);
    const { ownerId, ...place } = row;
    return { place, ownerId };
  }

  /** Nothing where the try is not this process's any more. */
  override async hold(stepAttemptId: string, reason: string | null): Promise<void> {
    const { place } = await this.seat(stepAttemptId);
    await this.changes.change(place.runId, SYSTEM, (change) => {
      const held = change.tries.find(({ id }) => id === stepAttemptId);
      const step = change.steps.find(({ id }) => id === held?.stepId);
      const ours = held?.status === 'running' && held.workerId === this.worker.id;
      if (!ours || step === undefined || step.budgetHold === reason) return;
      step.budgetHold = reason;
      if (reason === null) emit(change, 'step.resumed', step);
      else emit(change, 'step.held', step, { reason });
    });
  }

  override async isPaused(runId: string): Promise<boolean> {
    const [row] = await this.dataSource.query<{ status: string }[]>('SELECT status FROM runs WHERE id = $1', [
      runId,
    ]);
    return row?.status === 'paused';
  }

  override untilChanged(runId: string, withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        unsubscribe();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, withinMs);
      const unsubscribe = this.signals.subscribe(runId, end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}
