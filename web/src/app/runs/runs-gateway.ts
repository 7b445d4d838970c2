import { HttpClient, HttpParams } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';
import type { RunFilters } from './run-filters';
import { filtersToQuery } from './run-filters';
import type {
  AdvanceAnswer,
  ArtifactList,
  EventPage,
  LogPage,
  NewRunRequest,
  RunDetail,
  RunMetrics,
  RunPage,
  RunSummary,
} from './run-models';

/** Runs over REST: what is read, and what a person may do. */
@Injectable({ providedIn: 'root' })
export class RunsGateway {
  private readonly http = inject(HttpClient);

  list(filters: RunFilters, limit: number): Observable<RunPage> {
    const params = new HttpParams({ fromObject: { ...filtersToQuery(filters), limit } });
    return this.http.get<RunPage>('/runs', { params });
  }

  get(runId: string): Observable<RunDetail> {
    return this.http.get<RunDetail>(`/runs/${runId}`);
  }

  create(request: NewRunRequest): Observable<RunSummary> {
    return this.http.post<RunSummary>('/runs', request);
  }

  advance(runId: string): Observable<AdvanceAnswer> {
    return this.http.post<AdvanceAnswer>(`/runs/${runId}/next`, {}, { headers: { Prefer: 'respond-async' } });
  }

  waive(runId: string, reason: string): Observable<AdvanceAnswer> {
    return this.http.post<AdvanceAnswer>(
      `/runs/${runId}/next`,
      { skip_validation: true, reason },
      { headers: { Prefer: 'respond-async' } },
    );
  }

  move(runId: string, action: 'pause' | 'resume' | 'cancel'): Observable<unknown> {
    return this.http.post(`/runs/${runId}/${action}`, {});
  }

  decide(runId: string, phase: string, decision: 'approve' | 'reject', comment: string | null): Observable<unknown> {
    return this.http.post(`/runs/${runId}/phases/${phase}/${decision}`, { comment });
  }

  completeStep(runId: string, phase: string, step: string, summary: string | null): Observable<unknown> {
    return this.http.post(`/runs/${runId}/phases/${phase}/steps/${step}/complete`, { summary, usage: [] });
  }

  upload(runId: string, phase: string, step: string, path: string, file: Blob): Observable<unknown> {
    const body = new FormData();
    body.set('phase', phase);
    body.set('step', step);
    body.set('path', path);
    body.set('file', file, path.split('/').at(-1) ?? path);
    return this.http.post(`/runs/${runId}/artifacts`, body);
  }

  artifacts(runId: string, allVersions: boolean): Observable<ArtifactList> {
    return this.http.get<ArtifactList>(`/runs/${runId}/artifacts`, { params: { all_versions: allVersions } });
  }

  artifactText(runId: string, artifactId: string): Observable<string> {
    return this.http.get(this.contentUrl(runId, artifactId), { responseType: 'text' });
  }

  contentUrl(runId: string, artifactId: string): string {
    return `/runs/${runId}/artifacts/${artifactId}/content`;
  }

  zipUrl(runId: string): string {
    return `/runs/${runId}/artifacts.zip`;
  }

  metrics(runId: string): Observable<RunMetrics> {
    return this.http.get<RunMetrics>(`/runs/${runId}/metrics`);
  }

  events(runId: string, after: number): Observable<EventPage> {
    return this.http.get<EventPage>(`/runs/${runId}/events`, { params: { after, limit: 500 } });
  }

  logs(runId: string, phase: string, step: string, after: number): Observable<LogPage> {
    return this.http.get<LogPage>(`/runs/${runId}/logs`, { params: { phase, step, after, limit: 5000 } });
  }

  logUrl(runId: string, phase: string, step: string): string {
    const query = new HttpParams({ fromObject: { phase, step, format: 'text' } });
    return `/runs/${runId}/logs?${query.toString()}`;
  }
}
