import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { listedOwner, principalAllows, type Principal } from '../auth/domain/principal.js';
import { WorkflowService } from '../workflow/workflow.service.js';
import { mayDecide } from './domain/approval-rules.js';
import type { AwaitedDecisionDto } from './dto/bulk.dto.js';

interface WaitingRow {
  readonly run_id: string;
  readonly project_name: string;
  readonly profile: string;
  readonly profile_version: number;
  readonly owner_id: string;
  readonly phase: string;
  readonly step: string;
  readonly executor: 'approval' | 'llm' | 'worker';
  readonly queued_at: Date;
  /** Whether the caller may operate the run, and not only decide on it. */
  readonly edits: boolean;
}

const KINDS = { approval: 'approval', llm: 'agent', worker: 'worker' } as const;

/** Everything that waits for people in the runs that the caller sees. */
@Injectable()
export class InboxService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workflow: WorkflowService,
  ) {}

  async of(by: Principal): Promise<AwaitedDecisionDto[]> {
    const visibleTo = listedOwner(by);
    const rows = await this.dataSource.query<WaitingRow[]>(
      `SELECT s.run_id, r.project_name, r.profile, r.profile_version, r.owner_id, s.phase, s.key AS step, s.executor, s.queued_at,
              $1::uuid IS NULL OR r.owner_id = $1 OR EXISTS (SELECT FROM run_shares h
                WHERE h.run_id = r.id AND (h.user_id = $1 OR h.user_id IS NULL) AND h.role = 'editor') AS edits
       FROM steps s JOIN runs r ON r.id = s.run_id
       WHERE s.status = 'waiting' AND s.executor IN ('approval', 'llm', 'worker') AND r.status = 'running'
         AND ($1::uuid IS NULL OR r.owner_id = $1 OR EXISTS (
           SELECT FROM run_shares h WHERE h.run_id = r.id AND (h.user_id = $1 OR h.user_id IS NULL)))
       ORDER BY s.queued_at LIMIT 200`,
      [visibleTo],
    );
    return Promise.all(rows.map((row) => this.present(row, by)));
  }

  private async present(row: WaitingRow, by: Principal): Promise<AwaitedDecisionDto> {
    const reason = await this.refusal(row, by);
    return {
      run_id: row.run_id,
      project_name: row.project_name,
      profile: row.profile,
      phase: row.phase,
      step: row.step,
      kind: KINDS[row.executor],
      since: row.queued_at.toISOString(),
      may_act: reason === null,
      reason,
    };
  }

  private async refusal(row: WaitingRow, by: Principal): Promise<string | null> {
    if (!principalAllows(by, 'runs:operate')) return 'Your role may read runs but not operate them.';
    if (row.executor !== 'approval')
      return row.edits
        ? null
        : 'This run is shared with you to look at; ask its owner to share it for editing.';
    const { definition } = await this.workflow.getVersion(row.profile, row.profile_version);
    const phase = definition.phases.find((candidate) => candidate.name === row.phase);
    const rules = phase?.steps.find((candidate) => candidate.id === row.step)?.executor;
    return rules?.kind === 'approval' ? mayDecide(rules, row.owner_id, by) : null;
  }
}
