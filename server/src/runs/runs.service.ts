import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { RunWorkspaces } from '../execution/workspace/run-workspace.js';
import { once } from '../idempotency/once.js';
import { DomainError, invalid, notFound } from '../problems/domain-error.js';
import { validateParameters } from '../workflow/domain/parameters.js';
import type { ProfileDefinition } from '../workflow/domain/profile.js';
import { WorkflowService, type PublishedProfile } from '../workflow/workflow.service.js';
import { userActor, type RunMaker } from './actor.js';
import { emit, type Change } from './domain/change.js';
import { RepositoryUploads } from '../uploads/repository-uploads.service.js';
import type { AccessLevel } from './domain/run-uses.js';
import { startPhase } from './domain/start-phase.js';
import type { CreateRunDto } from './dto/create-run.dto.js';
import type { PhaseAttemptDto } from './dto/phase-attempt.dto.js';
import type { RunDetailDto } from './dto/run-detail.dto.js';
import type { RunSummaryDto } from './dto/run-summary.dto.js';
import { newRun, repositoryOf } from './new-run.js';
import { presentAttempt } from './present-phase.js';
import { presentDetail, presentRun, templateValues } from './present-run.js';
import { runNotFound } from './run-access.js';
import { RunChanges } from './run-changes.js';
import { RunReadsRepository } from './run-reads.repository.js';
import { assertRepositoryFits, pointAtRepository, workspaceSource } from './run-source.js';
import type { RunEntity } from './run.entity.js';
import { RunsRepository } from './runs.repository.js';

/** What a run came from, as its first event tells it. */
export interface RunOrigin {
  readonly schedule_id?: string;
}

/** A run that can be inserted. */
export interface PreparedRun {
  readonly id: string;
  insert(tx: EntityManager): Promise<void>;
}

/** Creates runs and shows them. */
@Injectable()
export class RunsService {
  constructor(
    private readonly runs: RunsRepository,
    private readonly reads: RunReadsRepository,
    private readonly changes: RunChanges,
    private readonly workflow: WorkflowService,
    private readonly workspaces: RunWorkspaces,
    private readonly uploads: RepositoryUploads,
  ) {}

  /**
   * Creates a run; one that advances by itself starts at once.
   * @throws DomainError 400 with pointers: unknown profile, parameters or repository that do not fit
   */
  async create(asked: CreateRunDto, by: RunMaker): Promise<RunSummaryDto> {
    const prepared = await this.prepare(asked, by);
    const insert = async (tx: EntityManager): Promise<string> => {
      await prepared.insert(tx);
      return prepared.id;
    };
    return this.summary(await this.runs.transaction((tx) => once(tx, 'run', () => insert(tx))));
  }

  /**
   * Checks what is asked for and makes it ready; the run exists once it is inserted.
   * @throws DomainError 400 as `create`
   */
  async prepare(asked: CreateRunDto, by: RunMaker, origin: RunOrigin = {}): Promise<PreparedRun> {
    const profile = await this.profileOf(asked);
    const values = parametersOf(asked, profile.definition);
    await this.checkRepository(asked, profile.definition, by);
    const now = new Date();
    const rows = newRun(asked, profile, values, { id: v7(), by, now });
    const begin = (change: Change): void => {
      const made = { profile: profile.name, profile_version: profile.version, ...origin };
      emit(change, 'run.created', 'run', made);
      if (rows.run.autoAdvance) startPhase(change);
    };
    const insert = async (tx: EntityManager): Promise<void> => {
      await this.runs.insert(tx, rows);
      await this.changes.changeIn(tx, rows.run.id, userActor(by), begin, now);
    };
    return { id: rows.run.id, insert };
  }

  /**
   * The profile of a run that is asked for, and its parameters with every default; null where they are not to be looked at.
   * @throws DomainError 400 unknown profile, parameters that do not fit
   */
  async resolve(
    asked: CreateRunDto,
    withParameters: boolean,
  ): Promise<{
    readonly definition: ProfileDefinition;
    readonly values: Readonly<Record<string, unknown>> | null;
  }> {
    const { definition } = await this.profileOf(asked);
    return { definition, values: withParameters ? parametersOf(asked, definition) : null };
  }

  async summary(runId: string): Promise<RunSummaryDto> {
    const run = await this.load(runId);
    return presentRun(run, await this.reads.user(run.ownerId));
  }

  /** The run with every phase of its profile, and what the caller may do with it. */
  async detail(run: RunEntity, access: AccessLevel): Promise<RunDetailDto> {
    const [owner, input, profile, records] = await Promise.all([
      this.reads.user(run.ownerId),
      this.reads.input(run.id),
      this.workflow.getVersion(run.profile, run.profileVersion),
      this.reads.phases(run.id),
    ]);
    return { ...presentDetail(run, owner, input, profile.definition, records), access };
  }

  /** Every attempt of a phase, newest first. @throws DomainError 404 when the run's profile has no such phase */
  async attempts(run: RunEntity, phase: string): Promise<PhaseAttemptDto[]> {
    const { definition } = await this.workflow.getVersion(run.profile, run.profileVersion);
    const described = definition.phases.find(({ name }) => name === phase);
    if (described === undefined) throw notFound('Phase', phase);
    const [input, records] = await Promise.all([
      this.reads.input(run.id),
      this.reads.attempts(run.id, phase),
    ]);
    const values = templateValues(run, input, phase);
    return records.attempts.map((attempt) => presentAttempt(attempt, described, records, values));
  }

  /** @throws DomainError 404 */
  async load(runId: string): Promise<RunEntity> {
    const run = await this.runs.find(runId);
    if (run === null) throw runNotFound(runId);
    return run;
  }

  private async profileOf(asked: CreateRunDto): Promise<PublishedProfile> {
    const profile = await this.workflow.findLatest(asked.profile);
    if (profile !== null) return profile;
    const known = (await this.workflow.knownNames()).join(', ');
    throw new DomainError(
      400,
      'unknown_profile',
      `Unknown profile: ${asked.profile}. Known profiles: ${known}.`,
      {
        errors: [{ pointer: '/profile', message: `must be one of: ${known}` }],
      },
    );
  }

  private async checkRepository(
    asked: CreateRunDto,
    definition: ProfileDefinition,
    by: RunMaker,
  ): Promise<void> {
    const repository = repositoryOf(asked);
    assertRepositoryFits(definition.repository, repository);
    try {
      if (repository?.upload) await this.uploads.check(repository.upload, by.userId);
      await this.workspaces.check(workspaceSource(repository, (id) => this.uploads.open(id)));
    } catch (error) {
      throw pointAtRepository(error, repository);
    }
  }
}

function parametersOf(asked: CreateRunDto, definition: ProfileDefinition): Readonly<Record<string, unknown>> {
  const outcome = validateParameters(definition, asked.parameters ?? {});
  if (outcome.kind === 'valid') return outcome.values;
  const errors = outcome.problems.map(({ path, message }) => ({ pointer: path, message }));
  throw invalid(`The parameters do not fit the profile. ${errors[0]?.message ?? ''}`, errors);
}
