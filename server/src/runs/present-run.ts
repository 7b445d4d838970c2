import type { UserEntity } from '../auth/user.entity.js';
import type { RunDetailDto } from './dto/run-detail.dto.js';
import type { RunSummaryDto } from './dto/run-summary.dto.js';
import { presentPhase } from './present-phase.js';
import type { ProfileDefinition } from '../workflow/domain/profile.js';
import type { TemplateValues } from '../workflow/domain/template.js';
import type { RunInputEntity } from './run-input.entity.js';
import type { RunListRow } from './run-list.repository.js';
import type { PhaseRecords } from './run-reads.repository.js';
import type { RunEntity } from './run.entity.js';

/** A time as the API writes it: UTC, ISO 8601 with `Z`. */
export const time = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Milliseconds as seconds; null stays null. */
export const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** A row of the list as the API writes it. */
export const presentRow = (row: RunListRow): RunSummaryDto => ({
  run_id: row.id,
  profile: row.profile,
  profile_version: row.profile_version,
  project_name: row.project_name,
  current_phase: row.current_phase,
  status: row.status,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  owner: { user_id: row.owner_id, name: row.owner_name, email: row.owner_email },
  progress: {
    phases_done: row.phases_done,
    phases_total: row.phases_total,
    ratio: row.phases_done / row.phases_total,
    phases: row.phase_states,
  },
  waiting_on:
    row.waiting_kind === null || row.waiting_since === null
      ? null
      : { kind: row.waiting_kind, since: row.waiting_since.toISOString(), detail: row.waiting_detail ?? '' },
  cost_usd: Number(row.cost_usd),
  unpriced_calls: row.unpriced_calls,
  total_duration_seconds: worked(Number(row.working_ms), row.phase_states),
  artifacts_count: row.artifacts_count,
  waived_gates: row.waived_gates,
  auto_advance: row.auto_advance,
  archived_at: time(row.archived_at),
});

/** A run as the API writes it in short. */
export const presentRun = (run: RunEntity, owner: UserEntity): RunSummaryDto =>
  presentRow({
    id: run.id,
    profile: run.profile,
    profile_version: run.profileVersion,
    project_name: run.projectName,
    owner_id: run.ownerId,
    owner_name: owner.name,
    owner_email: owner.email,
    status: run.status,
    current_phase: run.currentPhase,
    auto_advance: run.autoAdvance,
    phases_total: run.phasesTotal,
    phases_done: run.phasesDone,
    phase_states: run.phaseStates,
    waiting_kind: run.waitingKind,
    waiting_since: run.waitingSince,
    waiting_detail: run.waitingDetail,
    cost_usd: run.costUsd,
    unpriced_calls: run.unpricedCalls,
    working_ms: String(run.workingMs),
    artifacts_count: run.artifactsCount,
    waived_gates: run.waivedGates,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    archived_at: run.archivedAt,
    sort_key: '',
  });

/** A run with its phases and inputs as the API writes it. */
export const presentDetail = (
  run: RunEntity,
  owner: UserEntity,
  input: RunInputEntity,
  definition: ProfileDefinition,
  records: PhaseRecords,
): Omit<RunDetailDto, 'access'> => ({
  ...presentRun(run, owner),
  intake: input.intake,
  phases: records.phases.map((phase) =>
    presentPhase(phase, definition, records, templateValues(run, input, phase.phase)),
  ),
  priority: run.priority,
  completed_at: time(run.completedAt),
  metadata: input.metadata,
  parameters: input.parameters,
  repository: input.repository,
  failure: run.failure,
  budget: {
    max_cost_usd: run.budgetMaxCostUsd === null ? null : Number(run.budgetMaxCostUsd),
    max_tokens: run.budgetMaxTokens,
    spent_usd: Number(run.costUsd),
    spent_tokens: run.inputTokens + run.outputTokens,
  },
  links: {
    self: `/runs/${run.id}`,
    artifacts: `/runs/${run.id}/artifacts`,
    metrics: `/runs/${run.id}/metrics`,
    events: `/runs/${run.id}/events`,
    console: `/orchestrator/runs/${run.id}`,
  },
});

/** What placeholders in a phase's texts stand for. */
export const templateValues = (run: RunEntity, input: RunInputEntity, phase: string): TemplateValues => ({
  parameters: input.parameters,
  intake: input.intake,
  run: { id: run.id, projectName: run.projectName, phase },
});

/** Working time is known once any attempt has ended. */
const worked = (ms: number, phases: readonly { readonly status: string }[]): number | null =>
  ms > 0 || phases.some((phase) => phase.status === 'completed' || phase.status === 'failed')
    ? ms / 1000
    : null;
