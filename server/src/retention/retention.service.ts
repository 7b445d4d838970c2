import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { AppConfig } from '../config/app-config.js';
import { RunWorkspaces } from '../execution/workspace/run-workspace.js';
import { DomainError } from '../problems/domain-error.js';
import { ArchiveService } from '../runs/archive.service.js';
import { SYSTEM } from '../runs/domain/change.js';
import type { RetentionDto, RetentionRoundDto } from './retention.dto.js';
import type { RetentionRoundEntity } from './retention-round.entity.js';
import { RetentionRepository } from './retention.repository.js';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 3_600_000;
/** Runs are erased in few at a time: each may have thousands of events and log lines. */
const RUNS_AT_A_TIME = 20;
const ROWS_AT_A_TIME = 500;
/** A content is in the store before the transaction that records it. */
const UNUSED_DAYS = 1;
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

  /** What is kept how long, and what was removed last. */
  async show(): Promise<RetentionDto> {
    const { retention, webhooks } = this.config;
    const last = await this.repository.lastRound();
    return {
      archive_days: retention.archiveDays,
      purge_days: retention.purgeDays,
      upload_days: UPLOAD_DAYS,
      content_days: UNUSED_DAYS,
      webhook_delivery_days: webhooks.keepDays,
      every_seconds: EVERY_MS / 1000,
      last_round: last === null ? null : presentRound(last),
    };
  }

  /** Does everything that is due. */
  async round(now = new Date()): Promise<void> {
    await this.repository.alone(async () => {
      const archived = await this.archive(now);
      const erased = await this.purge(now);
      const uploads = await this.repository.forgetUploads(daysBefore(now, UPLOAD_DAYS));
      const contents = await this.collectContents(daysBefore(now, UNUSED_DAYS));
      const deliveries = await this.forgetDeliveries(daysBefore(now, this.config.webhooks.keepDays));
      if (this.stopped) return;
      const removed = { archived, erased, uploads, contents, deliveries };
      await this.repository.noteRound({ startedAt: now, endedAt: new Date(), ...removed });
    });
    await this.removeWorkspaces();
  }

  private async archive(now: Date): Promise<number> {
    const { archiveDays } = this.config.retention;
    if (archiveDays === null) return 0;
    return this.inBatches(RUNS_AT_A_TIME, async () => {
      const ids = await this.repository.toArchive(daysBefore(now, archiveDays), RUNS_AT_A_TIME);
      for (const id of ids) await this.archives.archive(id, SYSTEM).catch(movedMeanwhile);
      return ids.length;
    });
  }

  private async purge(now: Date): Promise<number> {
    const { purgeDays } = this.config.retention;
    if (purgeDays === null) return 0;
    return this.inBatches(RUNS_AT_A_TIME, async () => {
      return (await this.repository.purge(daysBefore(now, purgeDays), RUNS_AT_A_TIME)).length;
    });
  }

  private collectContents(unusedSince: Date): Promise<number> {
    return this.inBatches(ROWS_AT_A_TIME, async () => {
      const digests = await this.repository.forgetContents(unusedSince, ROWS_AT_A_TIME);
      // Forgotten first: a process that ends in between leaves a file too many, never a record without a file.
      for (const digest of digests) await this.store.removePutBefore(digest, unusedSince);
      return digests.length;
    });
  }

  private forgetDeliveries(before: Date): Promise<number> {
    return this.inBatches(ROWS_AT_A_TIME, () => this.repository.forgetDeliveries(before, ROWS_AT_A_TIME));
  }

  /** Until a batch is not full. @returns how many there were together */
  private async inBatches(size: number, batch: () => Promise<number>): Promise<number> {
    let sum = 0;
    for (let found = size; found === size && !this.stopped; sum += found) found = await batch();
    return sum;
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

const presentRound = (round: RetentionRoundEntity): RetentionRoundDto => ({
  started_at: round.startedAt.toISOString(),
  ended_at: round.endedAt.toISOString(),
  runs_archived: round.archived,
  runs_erased: round.erased,
  uploads_removed: round.uploads,
  contents_removed: round.contents,
  webhook_deliveries_removed: round.deliveries,
});

/** Somebody retried or erased the run since it was found. */
function movedMeanwhile(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}
