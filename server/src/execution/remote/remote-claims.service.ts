import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { ArtifactContents, describeContent } from '../../artifacts/artifact-contents.js';
import type { ArtifactEntity } from '../../artifacts/artifact.entity.js';
import { receiveUpload } from '../../artifacts/receive-upload.js';
import { listedOwner, principalAllows, type Principal } from '../../auth/domain/principal.js';
import { AppConfig } from '../../config/app-config.js';
import { RunSignals } from '../../live/run-signals.js';
import { RunWatch } from '../../live/run-watch.js';
import { LogWriters } from '../../logs/log-writers.js';
import { invalid, notFound } from '../../problems/domain-error.js';
import type { Request } from 'express';
import { leaseLost, type Claim, type ClaimRef } from '../claim.js';
import { StepClaims } from '../step-claims.js';
import { WorkersRepository } from '../workers.repository.js';
import { WorkspaceTransfer } from '../workspace/workspace-transfer.js';
import { completedDelivery, failedDelivery, HANDED_BACK, reportedUsage } from './remote-delivery.js';
import { RemoteClaimsRepository, type ClaimWish } from './remote-claims.repository.js';
import type { AppendLogDto, ClaimDto, CompleteClaimDto, FailClaimDto, ReportUsageDto } from './worker.dto.js';

/** A claim of somebody outside, with its fencing token. */
export interface RemoteClaim {
  readonly claim: Claim;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Gives steps to processes outside over HTTP, under the same claims as our own workers. */
@Injectable()
export class RemoteClaims {
  constructor(
    private readonly claims: StepClaims,
    private readonly waiting: RemoteClaimsRepository,
    private readonly workers: WorkersRepository,
    private readonly signals: RunSignals,
    private readonly logs: LogWriters,
    private readonly contents: ArtifactContents,
    private readonly workspaces: WorkspaceTransfer,
    private readonly config: AppConfig,
  ) {}

  /**
   * The longest waiting step that fits, waiting for one if need be; null after the wait.
   * @param still the caller as they are after having waited; null: they may claim nothing any more
   */
  async claim(
    by: Principal,
    asked: ClaimDto,
    still: () => Promise<Principal | null>,
  ): Promise<RemoteClaim | null> {
    const { labels, kinds } = asked;
    const worker = workerId(by, asked.name);
    await this.workers.enter(worker, 'remote', labels, asked.name);
    const deadline = Date.now() + asked.wait_seconds * 1000;
    const watch = new RunWatch(this.signals, 'all');
    try {
      for (let caller: Principal | null = by; caller !== null; caller = await still()) {
        const claimed = await this.tryClaim({ labels, kinds, visibleTo: listedOwner(caller) }, worker);
        if (claimed !== null)
          return (await still()) === null ? await this.takeBack(claimed, worker) : claimed;
        const left = deadline - Date.now();
        if (left <= 0) return null;
        await watch.next(left);
      }
      return null;
    } finally {
      watch.stop();
    }
  }

  /** Nobody is there to do the step: it is free again at once, not when the lease runs out. */
  private async takeBack({ claim }: RemoteClaim, worker: string): Promise<null> {
    await this.claims.deliver(claim, worker, HANDED_BACK);
    return null;
  }

  private async tryClaim(wish: ClaimWish, worker: string): Promise<RemoteClaim | null> {
    const full = { label: new Set<string>(), profile: new Set<string>() };
    for (;;) {
      const known = full.label.size + full.profile.size;
      for (const { runId, stepId } of await this.waiting.candidates(wish, full)) {
        const taken = await this.claims.claimWaiting(runId, stepId, worker);
        if (taken.kind === 'claimed') return this.remote(taken.claim);
        if (taken.kind === 'full') full[taken.by.kind].add(taken.by.name);
      }
      // What lies behind the steps that found no place is looked at next.
      if (full.label.size + full.profile.size === known) return null;
    }
  }

  private remote(claim: Claim): RemoteClaim {
    const token = `${claim.stepAttemptId}:${String(claim.epoch)}`;
    return { claim, token, expiresAt: this.expiry() };
  }

  /** @throws DomainError 409 `lease_lost` */
  async heartbeat(by: Principal, id: string, token: string): Promise<Date> {
    const ref = await this.refOf(by, id, token);
    if (!(await this.claims.heartbeat(ref))) throw leaseLost();
    await this.workers.heartbeatOf(id);
    return this.expiry();
  }

  /** @throws DomainError 409 `lease_lost` */
  async appendLog(by: Principal, id: string, asked: AppendLogDto): Promise<void> {
    const ref = await this.refOf(by, id, asked.lease_token);
    if (!(await this.claims.holds(ref))) throw leaseLost();
    await this.logs.append(ref, asked.lines);
  }

  /** Takes a file as it arrives. @throws DomainError 409 `lease_lost`, 413 `artifact_too_large` */
  async addArtifact(by: Principal, id: string, request: Request): Promise<ArtifactEntity> {
    const upload = await receiveUpload(request, this.config.limits.artifactBytes, (content) =>
      this.contents.put(content),
    );
    const { lease_token: token, path = upload.fileName } = upload.fields;
    if (typeof token !== 'string') throw missing('/lease_token');
    if (typeof path !== 'string') throw missing('/path');
    const ref = await this.refOf(by, id, token);
    const content = describeContent(upload.content, { path, type: null, description: null });
    return this.claims.addArtifact(ref, workerId(by, null), content);
  }

  /** @throws DomainError 409 `lease_lost` */
  async reportUsage(by: Principal, id: string, asked: ReportUsageDto): Promise<void> {
    const ref = await this.refOf(by, id, asked.lease_token);
    await this.claims.addUsage(ref, workerId(by, null), asked.usage.map(reportedUsage));
  }

  /** @throws DomainError 409 `lease_lost`, `deliverables_missing` */
  async complete(by: Principal, id: string, asked: CompleteClaimDto): Promise<void> {
    const ref = await this.refOf(by, id, asked.lease_token);
    const commit = await this.workspaces.resultOf(ref);
    await this.claims.deliver(ref, workerId(by, null), completedDelivery(asked, commit));
  }

  /** @throws DomainError 409 `lease_lost` */
  async fail(by: Principal, id: string, asked: FailClaimDto): Promise<void> {
    const ref = await this.refOf(by, id, asked.lease_token);
    await this.claims.deliver(ref, workerId(by, null), failedDelivery(asked));
  }

  /** The try that a token is about. @throws DomainError 404 where the caller does not see its run, 409 for another's token */
  async refOf(by: Principal, id: string, token: string): Promise<ClaimRef> {
    const owner = isUuid(id) ? await this.waiting.ownerOf(id) : null;
    const visible = owner !== null && (owner.ownerId === by.userId || principalAllows(by, 'runs:read_all'));
    if (!visible) throw notFound('Step', id);
    const epoch = Number(token.slice(id.length + 1));
    if (!token.startsWith(`${id}:`) || !Number.isSafeInteger(epoch)) throw leaseLost();
    return { runId: owner.runId, stepAttemptId: id, epoch };
  }

  private expiry(): Date {
    return new Date(Date.now() + this.config.limits.leaseMs);
  }
}

const workerId = (by: Principal, name: string | null): string =>
  name === null ? by.name : `${by.name}/${name}`;

const missing = (pointer: string): Error =>
  invalid(`${pointer.slice(1)} is missing.`, [{ pointer, message: 'is missing' }]);
