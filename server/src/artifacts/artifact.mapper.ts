import type { ArtifactEntity } from './artifact.entity.js';
import type { ArtifactListDto, ArtifactSummaryDto } from './dto/artifact.dto.js';
import { fileName } from './domain/safe-path.js';

export const toArtifactSummary = (artifact: ArtifactEntity): ArtifactSummaryDto => ({
  artifact_id: artifact.id,
  phase: artifact.phase,
  path: artifact.path,
  name: fileName(artifact.path),
  description: artifact.description,
  artifact_type: artifact.artifactType,
  size_bytes: artifact.sizeBytes,
  created_at: artifact.createdAt.toISOString(),
  sha256: artifact.sha256,
  media_type: artifact.mediaType,
  attempt: artifact.attempt,
  version: artifact.version,
  step_id: artifact.step,
  agent_id: artifact.agentId,
  superseded: artifact.superseded,
});

/** @param artifacts in the order in which they are to be listed */
export function toArtifactList(runId: string, artifacts: readonly ArtifactEntity[]): ArtifactListDto {
  const byPhase: Record<string, ArtifactSummaryDto[]> = {};
  for (const artifact of artifacts) (byPhase[artifact.phase] ??= []).push(toArtifactSummary(artifact));
  return { run_id: runId, artifacts_by_phase: byPhase, total_count: artifacts.length };
}
