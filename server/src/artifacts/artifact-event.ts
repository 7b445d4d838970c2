import type { NewEvent } from '../runs/domain/change.js';
import type { ArtifactEntity } from './artifact.entity.js';

/** The entry of the run's history for a recorded artifact. */
export const artifactEvent = (artifact: ArtifactEntity): NewEvent => ({
  type: 'artifact.recorded',
  phase: artifact.phase,
  step: artifact.step,
  attempt: artifact.attempt,
  data: {
    artifact_id: artifact.id,
    path: artifact.path,
    version: artifact.version,
    sha256: artifact.sha256,
    size_bytes: artifact.sizeBytes,
  },
});
