import picomatch from 'picomatch';
import type { EntityManager } from 'typeorm';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { DomainError } from '../problems/domain-error.js';
import { activeAttempt, stepDefinition, type Change } from './domain/change.js';
import type { StepState } from './domain/run-state.js';

/**
 * Every deliverable that a step must leave is among the artifacts of this attempt.
 * @throws DomainError 409 `deliverables_missing`, naming what is missing
 */
export async function assertDelivered(tx: EntityManager, change: Change, step: StepState): Promise<void> {
  const delivered = await tx.find(ArtifactEntity, {
    where: { runId: change.run.id, phase: step.phase, attempt: activeAttempt(change).number },
    select: { path: true },
  });
  const missing = stepDefinition(change, step)
    .artifacts.filter((declared) => declared.required)
    .filter(
      (declared) => !delivered.some(({ path }) => picomatch.isMatch(path, declared.path, { dot: true })),
    )
    .map((declared) => declared.path);
  if (missing.length > 0) {
    const detail = `Upload what the step is to deliver first; missing: ${missing.join(', ')}.`;
    throw new DomainError(409, 'deliverables_missing', detail, {
      errors: missing.map((path) => ({ pointer: '', message: `${path} is missing` })),
    });
  }
}
