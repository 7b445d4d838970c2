import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/domain/principal.js';
import { AppConfig } from '../config/app-config.js';
import { DomainError, invalid } from '../problems/domain-error.js';
import { RequestValidationPipe } from '../problems/validation.pipe.js';
import { userActor } from '../runs/actor.js';
import { phaseDefinition, type Change } from '../runs/domain/change.js';
import { voidWhatJudged } from '../runs/judged-content.js';
import { RunAccess } from '../runs/run-access.js';
import { RunChanges } from '../runs/run-changes.js';
import type { PhaseDefinition } from '../workflow/domain/profile.js';
import {
  ArtifactContents,
  describeContent,
  type KeptContent,
  type StoredContent,
} from './artifact-contents.js';
import { artifactEvent } from './artifact-event.js';
import { ArtifactsRepository, type ArtifactPlace, type RecordedArtifact } from './artifacts.repository.js';
import { findDeclaration } from './declared-artifact.js';
import { UploadArtifactDto } from './dto/upload-artifact.dto.js';
import { receiveUpload } from './receive-upload.js';

/** Files that people and services deliver into a phase over HTTP. */
@Injectable()
export class ArtifactUploads {
  private readonly validation = new RequestValidationPipe();

  constructor(
    private readonly access: RunAccess,
    private readonly changes: RunChanges,
    private readonly contents: ArtifactContents,
    private readonly artifacts: ArtifactsRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * Streams an upload into the store and records it in the run.
   * @throws DomainError 404 unknown run, 400 for what is said about the file, 413 when it is too large,
   *   409 when the run or the phase takes nothing more
   */
  async receive(principal: Principal, runId: string, request: Request): Promise<RecordedArtifact> {
    await this.access.require(principal, runId, 'operate');
    const upload = await receiveUpload(request, this.config.limits.artifactBytes, (content) =>
      this.contents.put(content),
    );
    const about = await this.describe(upload.fields, upload.fileName);
    return this.changes.change(runId, userActor(principal), (change, tx) =>
      this.record(change, tx, about, upload.content),
    );
  }

  private async describe(
    fields: object,
    fileName: string | null,
  ): Promise<UploadArtifactDto & { path: string }> {
    const about: unknown = await this.validation.transform(fields, {
      type: 'body',
      metatype: UploadArtifactDto,
    });
    if (!(about instanceof UploadArtifactDto)) throw new Error('The validation gives instances of the DTO');
    const path = about.path ?? fileName;
    if (path === null)
      throw invalid('Say which path the artifact has.', [{ pointer: '/path', message: 'is missing' }]);
    return { ...about, path };
  }

  private async record(
    change: Change,
    tx: EntityManager,
    about: UploadArtifactDto & { path: string },
    stored: StoredContent,
  ): Promise<RecordedArtifact> {
    const place = placeOf(change, about);
    const content = describeUpload(phaseDefinition(change, about.phase), about, stored);
    const [recorded] = await this.artifacts.record(
      tx,
      place,
      [content],
      this.config.limits.artifactsPerRun,
      change.now,
    );
    if (recorded === undefined) throw new Error('One content is recorded as one artifact');
    if (recorded.kind === 'new') {
      change.events.push(artifactEvent(recorded.artifact));
      if (change.run.currentPhase === about.phase) await voidWhatJudged(tx, change);
    }
    return recorded;
  }
}

function describeUpload(
  phase: PhaseDefinition,
  about: UploadArtifactDto & { path: string },
  stored: StoredContent,
): KeptContent {
  const plain = describeContent(stored, {
    path: about.path,
    type: about.type ?? null,
    description: about.description ?? null,
  });
  const declaration = findDeclaration(phase, about.step ?? null, plain.path);
  return {
    ...plain,
    artifactType: about.type ?? declaration?.type ?? plain.artifactType,
    description: about.description ?? declaration?.description ?? null,
  };
}

/** Where an upload belongs: the newest attempt of its phase, or the one that is still to come. */
function placeOf(change: Change, about: UploadArtifactDto): ArtifactPlace {
  const { run } = change;
  const phase = change.phases.find((candidate) => candidate.phase === about.phase);
  if (phase === undefined)
    throw unknownName(
      '/phase',
      'phase',
      about.phase,
      change.phases.map((row) => row.phase),
    );
  if (run.status === 'completed' || run.status === 'cancelled') {
    throw new DomainError(409, 'run_finished', `The run is ${run.status}; it takes no more artifacts.`);
  }
  if (phase.status === 'completed' || phase.status === 'skipped' || phase.status === 'cancelled') {
    throw new DomainError(
      409,
      'phase_finished',
      `${about.phase} is ${phase.status}; it takes no more artifacts.`,
    );
  }
  const { steps } = phaseDefinition(change, about.phase);
  const step = steps.find((definition) => definition.id === about.step);
  if (about.step !== undefined && step === undefined) {
    throw unknownName(
      '/step',
      `step of ${about.phase}`,
      about.step,
      steps.map((definition) => definition.id),
    );
  }
  return {
    runId: run.id,
    phase: about.phase,
    attempt: phase.status === 'pending' ? phase.attempt + 1 : phase.attempt,
    step: step?.id ?? null,
    agentId: step?.agent ?? null,
  };
}

const unknownName = (pointer: string, what: string, name: string, known: readonly string[]): DomainError =>
  invalid(`There is no ${what} named ${JSON.stringify(name)}; known are: ${known.join(', ')}.`, [
    { pointer, message: `is not one of: ${known.join(', ')}` },
  ]);
