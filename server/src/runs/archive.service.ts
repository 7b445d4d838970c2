import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/domain/principal.js';
import { RunWorkspaces } from '../execution/workspace/run-workspace.js';
import { DomainError } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { emit, type Actor, type Change } from './domain/change.js';
import { RunChanges } from './run-changes.js';
import type { RunEntity } from './run.entity.js';
import { RunsRepository } from './runs.repository.js';

/** Takes runs out of the list, and erases them. */
@Injectable()
export class ArchiveService {
  constructor(
    private readonly changes: RunChanges,
    private readonly runs: RunsRepository,
    private readonly workspaces: RunWorkspaces,
  ) {}

  /** @throws DomainError 409 `run_active` while it may still execute something */
  async archive(runId: string, by: Actor): Promise<void> {
    await this.changes.change(runId, by, async (change, tx) => {
      assertAtRest(change);
      await this.runs.setArchived(tx, runId, change.now);
      emit(change, 'run.archived', 'run');
    });
  }

  /** Erases everything of a run for good. Contents of artifacts that nothing else uses are collected later. */
  async purge(run: RunEntity, by: Principal): Promise<void> {
    await this.changes.change(run.id, userActor(by), (change) => assertAtRest(change));
    await this.runs.erase(run.id);
    await this.workspaces.remove(run.id);
  }
}

function assertAtRest(change: Change): void {
  const { status } = change.run;
  if (status === 'running' || status === 'paused') {
    throw new DomainError(409, 'run_active', `The run is ${status}; cancel it first, or wait until it ends.`);
  }
}
