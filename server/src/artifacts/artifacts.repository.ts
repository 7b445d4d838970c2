import type { StoredBlob } from './artifact-store.js';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { DomainError } from '../problems/domain-error.js';
import { RunPhaseEntity } from '../runs/run-phase.entity.js';
import { RunEntity } from '../runs/run.entity.js';
import { ArtifactEntity } from './artifact.entity.js';
import type { KeptContent } from './artifact-contents.js';
import { decideVersion } from './domain/versions.js';
import { countArtifacts } from './supersede.js';

/** Where artifacts belong that are recorded together. */
export interface ArtifactPlace {
  readonly runId: string;
  readonly phase: string;
  /** Attempt of the phase. */
  readonly attempt: number;
  /** The step's id in the profile; null where they belong to the phase. */
  readonly step: string | null;
  readonly agentId: string | null;
}

export interface RecordedArtifact {
  /** `same`: the attempt had this content under this path already. */
  readonly kind: 'new' | 'same';
  readonly artifact: ArtifactEntity;
}

/** A statement takes 65,535 parameters. */
const ROWS_PER_INSERT = 1000;

/** Queries of artifacts. */
@Injectable()
export class ArtifactsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Records contents that are in the store, in the caller's transaction: versions, which of them are superseded,
   * and the counts of run and phase. The run's row is locked first, so that versions count without gaps.
   * @param limit artifacts that the run may have, all versions counted
   * @throws DomainError `too_many_artifacts` (413) beyond it
   */
  async record(
    tx: EntityManager,
    place: ArtifactPlace,
    contents: readonly KeptContent[],
    limit: number,
    now: Date,
  ): Promise<RecordedArtifact[]> {
    if (contents.length === 0) return [];
    await tx.findOneOrFail(RunEntity, {
      where: { id: place.runId },
      select: { id: true },
      lock: { mode: 'pessimistic_write' },
    });
    const byPath = [...new Map(contents.map((content) => [content.path, content])).values()];
    const newest = await newestVersions(tx, place, byPath);
    const rows = byPath.map((content) => decide(place, content, newest.get(content.path) ?? null, now));
    const added = rows.filter((row) => row.kind === 'new').map((row) => row.artifact);
    if (added.length > 0) {
      await refuseTooMany(tx, place.runId, added.length, limit);
      await insertBlobs(tx, added, now);
      await replaceCurrent(tx, place, added);
      await insertArtifacts(tx, added);
      await countArtifacts(tx, place);
    }
    return rows;
  }

  /** Artifacts of a run in the order of its phases, then by path and version. */
  async list(
    runId: string,
    which: 'current' | 'all_versions',
    phase: string | null = null,
  ): Promise<ArtifactEntity[]> {
    const rows = await this.dataSource.getRepository(ArtifactEntity).find({
      where: {
        runId,
        ...(which === 'current' ? { superseded: false } : {}),
        ...(phase === null ? {} : { phase }),
      },
      order: { path: 'ASC', version: 'ASC' },
    });
    const phases = await this.dataSource.getRepository(RunPhaseEntity).find({
      where: { runId },
      select: { runId: true, phase: true, position: true },
    });
    const position = new Map(phases.map((row) => [row.phase, row.position]));
    return rows.sort((a, b) => (position.get(a.phase) ?? 0) - (position.get(b.phase) ?? 0));
  }

  /** The newest version of every path that one attempt of a phase delivered: what its gates may judge. */
  async ofAttempt(runId: string, phase: string, attempt: number): Promise<ArtifactEntity[]> {
    return this.dataSource.getRepository(ArtifactEntity).find({
      where: { runId, phase, attempt, superseded: false },
      order: { path: 'ASC' },
    });
  }

  /** One artifact of the run, or null. */
  async find(runId: string, artifactId: string): Promise<ArtifactEntity | null> {
    return this.dataSource.getRepository(ArtifactEntity).findOneBy({ id: artifactId, runId });
  }
}

async function newestVersions(
  tx: EntityManager,
  place: ArtifactPlace,
  contents: readonly KeptContent[],
): Promise<Map<string, ArtifactEntity>> {
  const versions = await tx.find(ArtifactEntity, {
    where: { runId: place.runId, phase: place.phase, path: In(contents.map((content) => content.path)) },
    order: { version: 'ASC' },
  });
  return new Map(versions.map((row) => [row.path, row]));
}

function decide(
  place: ArtifactPlace,
  content: KeptContent,
  newest: ArtifactEntity | null,
  now: Date,
): RecordedArtifact {
  const decision = decideVersion(newest, { attempt: place.attempt, sha256: content.sha256 });
  if (decision.kind === 'same' && newest !== null) return { kind: 'same', artifact: newest };
  const version = decision.kind === 'new' ? decision.version : 1;
  // What is recorded again in a new attempt is a row of its own, whatever row it was taken from.
  const { path, artifactType, mediaType, sizeBytes, sha256, description } = content;
  const artifact = Object.assign(new ArtifactEntity(), {
    id: v7(),
    ...place,
    ...{ path, artifactType, mediaType, sizeBytes, sha256, description },
    version,
    superseded: false,
    createdAt: now,
  });
  return { kind: 'new', artifact };
}

async function refuseTooMany(tx: EntityManager, runId: string, added: number, limit: number): Promise<void> {
  const present = await tx.countBy(ArtifactEntity, { runId });
  if (present + added <= limit) return;
  throw new DomainError(
    413,
    'too_many_artifacts',
    `The run has ${String(present)} artifacts; with ${String(added)} more it would pass the limit of ${String(limit)}.`,
  );
}

/**
 * In order of the digest: two runs that deliver the same contents cannot wait for each other. One that is used again
 * counts as new, so that it is not collected as one that nothing refers to.
 */
export const insertBlobs = (tx: EntityManager, added: readonly StoredBlob[], now: Date): Promise<unknown> =>
  tx.query(
    `INSERT INTO blobs (sha256, size_bytes, created_at)
     SELECT DISTINCT ON (sha256) sha256, size_bytes, $3
     FROM unnest($1::text[], $2::bigint[]) AS b(sha256, size_bytes) ORDER BY sha256
     ON CONFLICT (sha256) DO UPDATE SET created_at = greatest(blobs.created_at, excluded.created_at)`,
    [added.map((row) => row.sha256), added.map((row) => row.sizeBytes), now],
  );

async function insertArtifacts(tx: EntityManager, added: readonly ArtifactEntity[]): Promise<void> {
  for (let at = 0; at < added.length; at += ROWS_PER_INSERT) {
    await tx.insert(ArtifactEntity, added.slice(at, at + ROWS_PER_INSERT));
  }
}

const replaceCurrent = (
  tx: EntityManager,
  place: ArtifactPlace,
  added: readonly ArtifactEntity[],
): Promise<unknown> =>
  tx.update(
    ArtifactEntity,
    { runId: place.runId, phase: place.phase, path: In(added.map((row) => row.path)), superseded: false },
    { superseded: true },
  );
