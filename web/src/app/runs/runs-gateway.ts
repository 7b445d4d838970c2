import { inject, Injectable } from '@angular/core';
import { from, map, type Observable, switchMap } from 'rxjs';
import { Api } from '../api/generated/api';
import { downloadArtifacts } from '../api/generated/fn/artifacts/download-artifacts';
import { getArtifactContent } from '../api/generated/fn/artifacts/get-artifact-content';
import { listArtifacts } from '../api/generated/fn/artifacts/list-artifacts';
import { listRunEvents$Json } from '../api/generated/fn/history/list-run-events-json';
import { readLogs$Json } from '../api/generated/fn/history/read-logs-json';
import { readLogs$Plain } from '../api/generated/fn/history/read-logs-plain';
import { compareRuns } from '../api/generated/fn/runs/compare-runs';
import { createRun } from '../api/generated/fn/runs/create-run';
import { getRun } from '../api/generated/fn/runs/get-run';
import { getRunMetrics } from '../api/generated/fn/runs/get-run-metrics';
import { getRunTimeline } from '../api/generated/fn/runs/get-run-timeline';
import { listApprovals } from '../api/generated/fn/run-control/list-approvals';
import { listPhaseAttempts } from '../api/generated/fn/run-control/list-phase-attempts';
import { listRuns } from '../api/generated/fn/runs/list-runs';
import { uploadRepository } from '../api/generated/fn/uploads/upload-repository';
import { metadataContext } from './metadata-filter';
import { filtersToQuery, metadataOf, type RunFilters } from './run-filters';
import type {
  ArtifactList,
  EventPage,
  InboxItem,
  LogPage,
  NewRunRequest,
  PhaseAttempts,
  RunComparison,
  RunDetail,
  RunMetrics,
  RunPage,
  RunSummary,
  RunTimeline,
} from './run-models';

const EVENTS_PER_PAGE = 1000;
const LINES_PER_PAGE = 10_000;

export interface LogSource {
  readonly runId: string;
  readonly phase: string;
  readonly step: string;
  /** Attempt of the phase. */
  readonly attempt: number;
}

/** What is read of runs, and their creation. */
@Injectable({ providedIn: 'root' })
export class RunsGateway {
  private readonly api = inject(Api);

  list(filters: RunFilters, limit: number): Observable<RunPage> {
    const context = metadataContext(metadataOf(filters));
    return this.api.invoke(listRuns, { ...filtersToQuery(filters), limit }, context);
  }

  /** Sends a repository for a run that is still to be created, and gives its id. */
  uploadRepository(file: File): Observable<string> {
    return this.api.invoke(uploadRepository, { body: { file } }).pipe(map(({ upload_id: id }) => id));
  }

  /** What waits for people. */
  approvals(): Observable<readonly InboxItem[]> {
    return this.api.invoke(listApprovals).pipe(map((inbox) => inbox.items));
  }

  get(runId: string): Observable<RunDetail> {
    return this.api.invoke(getRun, { run_id: runId });
  }

  /** @param key the same key with the same request never makes a second run */
  create(request: NewRunRequest, key: string): Observable<RunSummary> {
    return this.api.invoke(createRun, { body: request, 'Idempotency-Key': key });
  }

  /** Every attempt of a phase, newest first. */
  attempts(runId: string, phase: string): Observable<PhaseAttempts> {
    return this.api.invoke(listPhaseAttempts, { run_id: runId, phase });
  }

  artifacts(runId: string, allVersions: boolean): Observable<ArtifactList> {
    return this.api.invoke(listArtifacts, { run_id: runId, all_versions: allVersions });
  }

  artifactText(runId: string, artifactId: string): Observable<string> {
    return this.api
      .invoke(getArtifactContent, { run_id: runId, artifact_id: artifactId })
      .pipe(switchMap((blob) => from(blob.text())));
  }

  contentUrl(runId: string, artifactId: string, disposition: 'inline' | 'attachment'): string {
    const path = getArtifactContent.PATH.replace('{run_id}', runId).replace('{artifact_id}', artifactId);
    return `${this.api.rootUrl}${path}?disposition=${disposition}`;
  }

  zipUrl(runId: string): string {
    return this.api.rootUrl + downloadArtifacts.PATH.replace('{run_id}', runId);
  }

  metrics(runId: string): Observable<RunMetrics> {
    return this.api.invoke(getRunMetrics, { run_id: runId });
  }

  /** Two runs beside each other. */
  compare(a: string, b: string): Observable<RunComparison> {
    return this.api.invoke(compareRuns, { a, b });
  }

  /** When everything in the run happened. */
  timeline(runId: string): Observable<RunTimeline> {
    return this.api.invoke(getRunTimeline, { run_id: runId });
  }

  events(runId: string, after: number): Observable<EventPage> {
    return this.api.invoke(listRunEvents$Json, { run_id: runId, after, limit: EVENTS_PER_PAGE });
  }

  /** @param after position of the last known line */
  logs({ runId, ...source }: LogSource, after: number): Observable<LogPage> {
    return this.api.invoke(readLogs$Json, { run_id: runId, ...source, after, limit: LINES_PER_PAGE });
  }

  /** Where the lines after a position are sent as they are printed. */
  logStreamUrl({ runId, phase, step, attempt }: LogSource, after: number): string {
    const query = new URLSearchParams({ phase, step, attempt: String(attempt), after: String(after) });
    return `${this.api.rootUrl}${readLogs$Json.PATH.replace('{run_id}', runId)}?${query.toString()}`;
  }

  /** The whole log as text. */
  logText({ runId, ...source }: LogSource): Observable<Blob> {
    return this.api
      .invoke(readLogs$Plain, { run_id: runId, ...source })
      .pipe(map((text) => new Blob([text], { type: 'text/plain' })));
  }
}
