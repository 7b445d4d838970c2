import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { ArtifactContents } from '../artifacts/artifact-contents.js';
import { ArtifactsRepository } from '../artifacts/artifacts.repository.js';
import { inspect } from '../governance/hygiene/inspect.js';
import { inspectFolder } from '../governance/hygiene/inspect-folder.js';
import type { HygieneInspection } from '../governance/hygiene/inspection.js';
import { RunInputEntity } from '../runs/run-input.entity.js';
import { RunWorkspaces } from './workspace/run-workspace.js';

/** Inspects what a run has produced: its repository if it has one, else its artifacts. */
@Injectable()
export class PhaseInspector {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactsRepository,
    private readonly contents: ArtifactContents,
    private readonly workspaces: RunWorkspaces,
  ) {}

  /** @param commit the checkpoint; null where the run has no workspace */
  async inspect(runId: string, commit: string | null): Promise<HygieneInspection | null> {
    const input = await this.dataSource.manager.findOneByOrFail(RunInputEntity, { runId });
    if (input.repository !== null && commit !== null) {
      return (await this.known(runId, commit)) ?? (await this.inspectCommit(runId, commit));
    }
    const artifacts = await this.artifacts.list(runId, 'current');
    if (artifacts.length === 0) return null;
    return inspect(artifacts.map((artifact) => this.contents.asEvidence(artifact)));
  }

  /** A commit never changes: what was found in it once stays right. */
  private async known(runId: string, commit: string): Promise<HygieneInspection | null> {
    const [row] = await this.dataSource.query<{ hygiene: HygieneInspection }[]>(
      'SELECT hygiene FROM phase_attempts WHERE run_id = $1 AND checkpoint = $2 AND hygiene IS NOT NULL LIMIT 1',
      [runId, commit],
    );
    return row?.hygiene ?? null;
  }

  private async inspectCommit(runId: string, commit: string): Promise<HygieneInspection | null> {
    const id = v7();
    const opened = await this.workspaces.openAttempt(runId, id, [commit]);
    if (opened.kind === 'failed') return null;
    try {
      return await inspectFolder(opened.workspace);
    } finally {
      await this.workspaces.closeAttempt(runId, id);
    }
  }
}
