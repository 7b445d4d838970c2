import { expect } from '@jest/globals';
import type { ArtifactListDto, ArtifactSummaryDto } from '../../src/artifacts/dto/artifact.dto.js';
import type { AdvanceRunResponseDto } from '../../src/runs/dto/advance.dto.js';
import type { PhaseInfoDto } from '../../src/runs/dto/phase-info.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import type { ProfileSource } from '../../src/workflow/domain/profile-source.js';
import type { Answer, ApiClient } from '../support/api-client.js';
import { eventually } from '../support/until.js';

type Phases = ProfileSource['phases'];

/** Publishes a profile and gives its name. */
export async function publish(
  admin: ApiClient,
  name: string,
  phases: Phases,
  more: Partial<ProfileSource> = {},
): Promise<string> {
  const source: ProfileSource = { apiVersion: 'orchestrator/v1', name, title: name, phases, ...more };
  const { status, body } = await admin.put(`/profiles/${name}`, JSON.stringify(source), 'application/json');
  expect({ status, body }).toMatchObject({ status: 201 });
  return name;
}

/** Phases with one command each. */
export const commands = (lines: Readonly<Record<string, string>>): Phases =>
  Object.entries(lines).map(([name, command]) => ({
    name,
    steps: [{ id: 'do', agent: 'worker', command, retry: { attempts: 1 } }],
  }));

/** Creates a run and gives its id. */
export async function createRun(client: ApiClient, profile: string, more: object = {}): Promise<string> {
  const { status, body } = await client.post<RunSummaryDto>('/runs', { profile, ...more });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.run_id;
}

export const next = <T = AdvanceRunResponseDto>(
  client: ApiClient,
  runId: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<Answer<T>> => client.post<T>(`/runs/${runId}/next`, body, headers);

export async function detail(client: ApiClient, runId: string): Promise<RunDetailDto> {
  const { status, body } = await client.get<RunDetailDto>(`/runs/${runId}`);
  expect(status).toBe(200);
  return body;
}

/** Waits until the run is so. */
export const runUntil = (
  client: ApiClient,
  runId: string,
  fits: (run: RunDetailDto) => boolean,
): Promise<RunDetailDto> => eventually(() => detail(client, runId), fits);

export function phaseOf(run: RunDetailDto, name: string): PhaseInfoDto {
  const phase = run.phases.find((candidate) => candidate.phase === name);
  if (phase === undefined) throw new Error(`The run has no phase ${name}`);
  return phase;
}

/** Newest versions of a phase's artifacts. */
export async function artifactsOf(
  client: ApiClient,
  runId: string,
  phase: string,
  query = '',
): Promise<readonly ArtifactSummaryDto[]> {
  const { body } = await client.get<ArtifactListDto>(`/runs/${runId}/artifacts${query}`);
  return body.artifacts_by_phase[phase] ?? [];
}

export async function contentOf(client: ApiClient, runId: string, artifactId: string): Promise<string> {
  return (await client.raw(`/runs/${runId}/artifacts/${artifactId}/content`)).text();
}
