import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { receiveUpload } from '../../artifacts/receive-upload.js';
import type { Principal } from '../../auth/domain/principal.js';
import { DomainError, invalid } from '../../problems/domain-error.js';
import { leaseLost, type ClaimRef } from '../claim.js';
import { StepClaims } from '../step-claims.js';
import { StepContexts } from '../step-contexts.js';
import { RunWorkspaces } from '../workspace/run-workspace.js';
import { WorkspaceTransfer } from '../workspace/workspace-transfer.js';
import { MAX_WORKSPACE_BYTES } from '../workspace/workspaces.module.js';
import { RemoteClaims } from './remote-claims.service.js';

/** What a step on another machine starts from. */
export interface SentStart {
  readonly content: Readable;
  readonly sizeBytes: number;
  readonly commit: string;
  readonly shallow: readonly string[];
}

/** Brings the workspace of a claimed step to the machine that claimed it, and back. */
@Injectable()
export class RemoteWorkspaces {
  constructor(
    private readonly remote: RemoteClaims,
    private readonly claims: StepClaims,
    private readonly contexts: StepContexts,
    private readonly workspaces: RunWorkspaces,
    private readonly transfer: WorkspaceTransfer,
  ) {}

  /** @throws DomainError 409 `lease_lost`, `merge_conflict`; and where the repository is not to be had */
  async start(by: Principal, id: string, token: string): Promise<SentStart> {
    const claim = await this.claims.held(await this.remote.refOf(by, id, token), by.name);
    const packed = await this.transfer.packStart(claim.runId, id, await this.contexts.startOf(claim));
    if (packed.kind === 'failed') throw new DomainError(409, packed.failure.code, packed.failure.message);
    const { file, commit, shallow } = packed;
    const content = createReadStream(file);
    content.once('close', () => void this.workspaces.closeAttempt(claim.runId, id));
    return { content, sizeBytes: (await stat(file)).size, commit, shallow };
  }

  /**
   * Takes what the step left, as a Git bundle; it becomes the step's when that completes.
   * @throws DomainError 409 `lease_lost`, 400 `bundle_not_readable`, 413 `artifact_too_large`
   */
  async take(by: Principal, id: string, request: Request): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'orchestrator-bundle-'));
    const file = join(folder, 'result.bundle');
    try {
      const { fields } = await receiveUpload(request, MAX_WORKSPACE_BYTES, (content) =>
        pipeline(content, createWriteStream(file)),
      );
      const ref = await this.holding(by, id, fields['lease_token']);
      const unpacked = join(folder, 'unpacked');
      await mkdir(unpacked);
      return await this.transfer.unpackResult(ref, { file, folder: unpacked });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async holding(by: Principal, id: string, token: unknown): Promise<ClaimRef> {
    if (typeof token !== 'string') {
      throw invalid('lease_token is missing.', [{ pointer: '/lease_token', message: 'is missing' }]);
    }
    const ref = await this.remote.refOf(by, id, token);
    if (!(await this.claims.holds(ref))) throw leaseLost();
    return ref;
  }
}
