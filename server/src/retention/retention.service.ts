import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { AppConfig } from '../config/app-config.js';
import { RunWorkspaces } from '../execution/workspace/run-workspace.js';
import { DomainError } from '../problems/domain-error.js';
import { ArchiveService } from '../runs/archive.service.js';
import { SYSTEM } from '../runs/domain/change.js';
import { RetentionRepository } from './retention.repository.js';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 3_600_000;
/** Runs are erased in few at a time: each may have thousands of events and log lines. */
const RUNS_AT_A_TIME = 20;
const CONTENTS_AT_A_TIME = 500;
/** A content is in the store before the transaction that records it. */
const UNUSED_MS = DAY_MS;
/** An uploaded repository waits so long for a run. */
const UPLOAD_DAYS = 7;

/**
 * Archives and erases finished runs as the settings say, and collects what nothing refers to any more: contents of
 * artifacts, and workspaces on this machine. One process at a time does the former.
 */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RetentionService.name);
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly repository: RetentionRepository,
    private readonly archives: ArchiveService,
    private readonly store: ArtifactStore,
    private readonly workspaces: RunWorkspaces,
    private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.timer = setInterval(() => {
      this.working = this.working.then(() => this.round()).catch((error: unknown) => this.warn(error));
    }, EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.working;
  }

  /** Does everything that is due. */
  async round(now = new Date()): Promise<void> {
    await this.repository.alone(async () => {
      await this.archive(now);
      await this.purge(now);
      await this.repository.forgetUploads(daysBefore(now, UPLOAD_DAYS));
      await this.collectContents(now);
    });
    await this.removeWorkspaces();
  }

  private async archive(now: Date): Promise<void> {
    const { archiveDays } = this.config.retention;
    if (archiveDays === null) return;
    for (let found = RUNS_AT_A_TIME; found === RUNS_AT_A_TIME && !this.stopped;) {
      const ids = await this.repository.toArchive(daysBefore(now, archiveDays), RUNS_AT_A_TIME);
      found = ids.length;
      for (const id of ids) await this.archives.archive(id, SYSTEM).catch(movedMeanwhile);
    }
  }

  private async purge(now: Date): Promise<void> {
    const { purgeDays } = this.config.retention;
    if (purgeDays === null) return;
    for (let found = RUNS_AT_A_TIME; found === RUNS_AT_A_TIME && !this.stopped;) {
      found = (await this.repository.purge(daysBefore(now, purgeDays), RUNS_AT_A_TIME)).length;
    }
  }

  private async collectContents(now: Date): Promise<void> {
    const unusedSince = new Date(now.getTime() - UNUSED_MS);
    for (let found = CONTENTS_AT_A_TIME; found === CONTENTS_AT_A_TIME && !this.stopped;) {
      const digests = await this.repository.forgetContents(unusedSince, CONTENTS_AT_A_TIME);
      found = digests.length;
      // Forgotten first: a process that ends in between leaves a file too many, never a record without a file.
      for (const digest of digests) await this.store.removePutBefore(digest, unusedSince);
    }
  }

  /** Of runs that were erased, here or by another process. */
  private async removeWorkspaces(): Promise<void> {
    for (const id of await this.repository.unknownRuns(await this.workspaces.runs())) {
      await this.workspaces.remove(id);
    }
  }

  private warn(error: unknown): void {
    this.logger.warn(`Old runs stay for now: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

/** Somebody retried or erased the run since it was found. */
function movedMeanwhile(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}
