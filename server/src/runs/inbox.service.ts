import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { listedOwner, principalAllows, type Principal } from '../auth/domain/principal.js';
import { WorkflowService } from '../workflow/workflow.service.js';
import { ALREADY_DECIDED, mayDecide } from './domain/approval-rules.js';
import { RUN_USES, type RunRelation } from './domain/run-uses.js';
import type { AwaitedDecisionDto } from './dto/bulk.dto.js';
import { refusalOf } from './run-access.js';

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
  readonly relation: RunRelation;
  /** Whether the caller's decision on it counts already. */
  readonly decided: boolean;
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
         CASE WHEN r.owner_id = $2 THEN 'owner' WHEN $1::uuid IS NULL THEN 'all' ELSE (
           SELECT h.role FROM run_shares h WHERE h.run_id = r.id AND (h.user_id = $2 OR h.user_id IS NULL)
           ORDER BY h.role = 'editor' DESC LIMIT 1) END AS relation,
         EXISTS (SELECT FROM approvals a WHERE a.step_id = s.id AND a.user_id = $2 AND a.voided_at IS NULL) AS decided
       FROM steps s JOIN runs r ON r.id = s.run_id
       WHERE s.status = 'waiting' AND s.executor IN ('approval', 'llm', 'worker') AND r.status = 'running'
         AND ($1::uuid IS NULL OR r.owner_id = $1 OR EXISTS (
           SELECT FROM run_shares h WHERE h.run_id = r.id AND (h.user_id = $1 OR h.user_id IS NULL)))
       ORDER BY s.queued_at LIMIT 200`,
      [visibleTo, by.userId],
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
      return RUN_USES[row.relation].includes('operate') ? null : refusalOf(row.relation);
    if (row.decided) return ALREADY_DECIDED;
    const { definition } = await this.workflow.getVersion(row.profile, row.profile_version);
    const phase = definition.phases.find((candidate) => candidate.name === row.phase);
    const rules = phase?.steps.find((candidate) => candidate.id === row.step)?.executor;
    return rules?.kind === 'approval' ? mayDecide(rules, row.owner_id, by) : null;
  }
}
