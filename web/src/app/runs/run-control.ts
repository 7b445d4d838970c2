import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { uploadArtifact$FormData } from '../api/generated/fn/artifacts/upload-artifact-form-data';
import { approvePhase } from '../api/generated/fn/run-control/approve-phase';
import { bulkRuns } from '../api/generated/fn/run-control/bulk-runs';
import { cancelRun } from '../api/generated/fn/run-control/cancel-run';
import { completeStep } from '../api/generated/fn/run-control/complete-step';
import { deleteRun } from '../api/generated/fn/run-control/delete-run';
import { pauseRun } from '../api/generated/fn/run-control/pause-run';
import { rejectPhase } from '../api/generated/fn/run-control/reject-phase';
import { resumeRun } from '../api/generated/fn/run-control/resume-run';
import { retryPhase } from '../api/generated/fn/run-control/retry-phase';
import { rollBackRun } from '../api/generated/fn/run-control/roll-back-run';
import { setRunBudget } from '../api/generated/fn/run-control/set-run-budget';
import { skipPhase } from '../api/generated/fn/run-control/skip-phase';
import { advanceRun } from '../api/generated/fn/runs/advance-run';
import type { BudgetDto, BulkAction, BulkResultsDto } from '../api/generated/models';

export type { BulkAction };

/** The page learns how a phase goes from the feed; it does not hold the request open for it. */
const AT_ONCE = 'respond-async';

export interface StepPlace {
  readonly runId: string;
  readonly phase: string;
  readonly step: string;
}

/** What a person may do to a run. */
@Injectable({ providedIn: 'root' })
export class RunControl {
  private readonly api = inject(Api);

  /** Executes the current phase; a failed one starts again. */
  advance(runId: string): Observable<unknown> {
    return this.api.invoke(advanceRun, { run_id: runId, Prefer: AT_ONCE });
  }

  /** Goes past gates that block. */
  waive(runId: string, reason: string): Observable<unknown> {
    const body = { skip_validation: true, reason };
    return this.api.invoke(advanceRun, { run_id: runId, Prefer: AT_ONCE, body });
  }

  /** Changes what the run may cost; null is no limit. */
  setLimits(runId: string, limits: BudgetDto): Observable<unknown> {
    return this.api.invoke(setRunBudget, { run_id: runId, body: limits });
  }

  pause(runId: string): Observable<unknown> {
    return this.api.invoke(pauseRun, { run_id: runId });
  }

  resume(runId: string): Observable<unknown> {
    return this.api.invoke(resumeRun, { run_id: runId });
  }

  cancel(runId: string): Observable<unknown> {
    return this.api.invoke(cancelRun, { run_id: runId });
  }

  /** Starts a new attempt; what does not build on the step is kept. */
  retryFrom(runId: string, phase: string, step: string): Observable<unknown> {
    return this.api.invoke(retryPhase, { run_id: runId, phase, body: { from_step: step } });
  }

  /** Returns to the end of a phase; what came after it stays readable. */
  rollBack(runId: string, phase: string): Observable<unknown> {
    return this.api.invoke(rollBackRun, { run_id: runId, body: { phase } });
  }

  archive(runId: string): Observable<unknown> {
    return this.api.invoke(deleteRun, { run_id: runId });
  }

  erase(runId: string): Observable<unknown> {
    return this.api.invoke(deleteRun, { run_id: runId, purge: true });
  }

  /** One thing with many runs; the answer has a result for each. */
  bulk(action: BulkAction, runIds: readonly string[]): Observable<BulkResultsDto> {
    return this.api.invoke(bulkRuns, { body: { action, run_ids: [...runIds] } });
  }

  skip(runId: string, phase: string): Observable<unknown> {
    return this.api.invoke(skipPhase, { run_id: runId, phase });
  }

  approve(runId: string, phase: string, step: string | null, comment: string | null): Observable<unknown> {
    return this.api.invoke(approvePhase, { run_id: runId, phase, body: { step, comment } });
  }

  /** Asks for changes: the phase starts again and is given the comment. */
  reject(runId: string, phase: string, step: string | null, comment: string): Observable<unknown> {
    return this.api.invoke(rejectPhase, { run_id: runId, phase, body: { step, comment } });
  }

  /** Adds a file to a step that a person does by hand. */
  deliver({ runId, phase, step }: StepPlace, path: string, file: Blob): Observable<unknown> {
    return this.api.invoke(uploadArtifact$FormData, { run_id: runId, body: { phase, step, path, file } });
  }

  completeStep({ runId, phase, step }: StepPlace, summary: string | null): Observable<unknown> {
    return this.api.invoke(completeStep, { run_id: runId, phase, step, body: { summary } });
  }
}
