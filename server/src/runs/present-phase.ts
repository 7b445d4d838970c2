import type { GateResultEntity } from '../governance/gate-result.entity.js';
import type { PhaseDefinition, ProfileDefinition, StepDefinition } from '../workflow/domain/profile.js';
import { renderTemplate, type TemplateValues } from '../workflow/domain/template.js';
import type { PhaseAttemptDto } from './dto/phase-attempt.dto.js';
import type { ApprovalInfoDto, PhaseInfoDto } from './dto/phase-info.dto.js';
import type { GateDto } from './dto/gate.dto.js';
import type { StepInfoDto } from './dto/step-info.dto.js';
import type { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { seconds, time } from './present-run.js';
import type { RunPhaseEntity } from './run-phase.entity.js';
import type { AttemptRecords, PhaseRecords } from './run-reads.repository.js';
import type { StepEntity } from './step.entity.js';

/** A phase as the API writes it, in its newest attempt. */
export function presentPhase(
  phase: RunPhaseEntity,
  profile: ProfileDefinition,
  records: PhaseRecords,
  values: TemplateValues,
): PhaseInfoDto {
  const definition = profile.phases.find((candidate) => candidate.name === phase.phase);
  if (definition === undefined) throw new Error(`The profile has no phase ${phase.phase}`);
  const attempt = records.attempts.find((candidate) => candidate.phase === phase.phase);
  return {
    phase: phase.phase,
    title: definition.title,
    status: phase.status,
    attempt: phase.attempt,
    optional: definition.optional,
    started_at: time(phase.startedAt),
    completed_at: time(phase.completedAt),
    duration_seconds: phase.completedAt === null && phase.workingMs === 0 ? null : seconds(phase.workingMs),
    agent_ids: [...new Set(definition.steps.map((step) => step.agent))],
    artifacts_count: phase.artifactsCount,
    ...presentWork(definition, attempt?.id ?? null, records, values),
    error: phase.error,
  };
}

/** An attempt of a phase as the API writes it. */
export const presentAttempt = (
  attempt: PhaseAttemptEntity,
  definition: PhaseDefinition,
  records: AttemptRecords,
  values: TemplateValues,
): PhaseAttemptDto => ({
  attempt: attempt.number,
  status: attempt.status,
  comment: attempt.comment,
  started_at: attempt.startedAt.toISOString(),
  completed_at: time(attempt.completedAt),
  duration_seconds: attempt.workingMs === null ? null : seconds(attempt.workingMs),
  superseded_at: time(attempt.supersededAt),
  ...presentWork(definition, attempt.id, records, values),
  error: attempt.error,
});

/** What one attempt did and what was decided on it; all pending before the first. */
function presentWork(
  definition: PhaseDefinition,
  attemptId: string | null,
  records: AttemptRecords,
  values: TemplateValues,
): Pick<PhaseInfoDto, 'steps' | 'gates' | 'approval'> {
  const steps = records.steps.filter((step) => step.phaseAttemptId === attemptId);
  const rowOf = (id: string): StepEntity | undefined => steps.find((row) => row.key === id);
  return {
    steps: definition.steps.map((step) => presentStep(step, rowOf(step.id), values)),
    gates: records.gates.filter((gate) => gate.phaseAttemptId === attemptId).map(presentGate),
    approval: presentApproval(definition, steps, records),
  };
}

function presentStep(
  definition: StepDefinition,
  row: StepEntity | undefined,
  values: TemplateValues,
): StepInfoDto {
  return {
    step: definition.id,
    agent_id: definition.agent,
    executor: definition.executor.kind,
    status: row?.status ?? 'pending',
    needs: [...definition.needs],
    tries: row?.tries ?? 0,
    queued_at: time(row?.queuedAt ?? null),
    started_at: time(row?.startedAt ?? null),
    completed_at: time(row?.completedAt ?? null),
    duration_seconds: duration(row),
    summary: row?.summary ?? null,
    warnings: row?.warnings ?? [],
    error: row?.error ?? null,
    task:
      definition.executor.kind === 'llm' || definition.executor.kind === 'agent_cli'
        ? renderTemplate(definition.executor.task, values)
        : null,
    deliverables: definition.artifacts.map(({ path, type, required, description }) => ({
      path,
      type,
      required,
      description,
    })),
  };
}

const duration = (row: StepEntity | undefined): number | null =>
  row?.startedAt && row.completedAt ? (row.completedAt.getTime() - row.startedAt.getTime()) / 1000 : null;

/** A verdict as the API writes it. */
export const presentGate = (gate: GateResultEntity): GateDto => ({
  gate_id: gate.gateId,
  kind: gate.kind,
  status: gate.status,
  severity: gate.severity,
  weight: gate.weight,
  threshold: gate.threshold,
  actual: gate.actual,
  message: gate.message,
  remedy: gate.remedy,
  evidence: gate.evidence.map(({ path, sha256, detail }) => ({ path, sha256, detail })),
  evaluated_at: gate.evaluatedAt.toISOString(),
  voided: gate.voidedAt !== null,
  waived_by:
    gate.waivedBy === null || gate.waivedAt === null
      ? null
      : {
          user_id: gate.waivedBy.id,
          name: gate.waivedBy.name,
          reason: gate.waivedReason,
          at: gate.waivedAt.toISOString(),
        },
});

/** The approval step that waits, or else the last one that was decided. */
function presentApproval(
  definition: PhaseDefinition,
  steps: readonly StepEntity[],
  records: AttemptRecords,
): ApprovalInfoDto | null {
  const opened = steps.filter((step) => step.executor === 'approval' && step.queuedAt !== null);
  const step = opened.find((candidate) => candidate.status === 'waiting') ?? opened.at(-1);
  const executor = definition.steps.find((candidate) => candidate.id === step?.key)?.executor;
  if (step === undefined || executor?.kind !== 'approval') return null;
  return {
    step: step.key,
    role: executor.role,
    count: executor.count,
    self_approval: executor.selfApproval,
    decisions: records.approvals
      .filter((approval) => approval.stepId === step.id && approval.voidedAt === null)
      .map((approval) => ({
        user_id: approval.userId,
        name: records.people.get(approval.userId)?.name ?? '',
        decision: approval.decision,
        comment: approval.comment,
        at: approval.at.toISOString(),
      })),
  };
}
