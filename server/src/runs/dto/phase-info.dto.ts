import { ApiProperty } from '@nestjs/swagger';
import { GATE_STATUSES, type GateStatus } from '../../governance/domain/evidence.js';
import type { GateKind } from '../../workflow/domain/profile.js';
import { PHASE_STATUSES, type PhaseStatus } from '../domain/phase-status.js';
import { FailureDto, StepInfoDto } from './step-info.dto.js';

export class GateEvidenceDto {
  @ApiProperty({ description: 'What was judged: a path or a source.', example: 'reports/junit.xml' })
  path!: string;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the judged content.', example: null })
  sha256!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What was found there.',
    example: 'tests.pass_rate = 0.5',
  })
  detail!: string | null;
}

export class WaiverDto {
  @ApiProperty({ description: 'Id of the person.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  user_id!: string;

  @ApiProperty({ description: 'Name of the person.', example: 'Ada' })
  name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Reason that was given.',
    example: 'Known flake, tracked in OPS-2.',
  })
  reason!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When.',
    example: '2026-01-02T03:04:05.678Z',
  })
  at!: string;
}

const GATE_KINDS = [
  'artifact',
  'metric',
  'secrets',
  'links',
  'forbidden',
  'budget',
  'approval',
  'freshness',
] as const satisfies readonly GateKind[];

/** A verdict on evidence. */
export class GateDto {
  @ApiProperty({ description: 'Id of the gate in the profile.', example: 'tests_pass' })
  gate_id!: string;

  @ApiProperty({
    enum: GATE_KINDS,
    enumName: 'GateKind',
    description: 'What kind of rule.',
    example: 'metric',
  })
  kind!: GateKind;

  @ApiProperty({
    enum: GATE_STATUSES,
    enumName: 'GateStatus',
    description: 'The verdict.',
    example: 'blocked',
  })
  status!: GateStatus;

  @ApiProperty({ enum: ['block', 'warn'], description: 'What a breach does.', example: 'block' })
  severity!: 'block' | 'warn';

  @ApiProperty({ description: 'Weight in the governance score.', example: 1 })
  weight!: number;

  @ApiProperty({ type: String, nullable: true, description: 'What is asked for.', example: '≥ 1' })
  threshold!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What was found; null: not measured.',
    example: '0.5',
  })
  actual!: string | null;

  @ApiProperty({
    description: 'A sentence for a person.',
    example: 'tests.pass_rate is 0.5, at least 1 is asked for.',
  })
  message!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What would mend it.',
    example: 'Fix the failing tests.',
  })
  remedy!: string | null;

  @ApiProperty({ type: [GateEvidenceDto], description: 'What was judged.' })
  evidence!: GateEvidenceDto[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was evaluated.',
    example: '2026-01-02T03:04:05.678Z',
  })
  evaluated_at!: string;

  @ApiProperty({
    description: 'Whether a judged artifact changed since: the verdict counts no more.',
    example: false,
  })
  voided!: boolean;

  @ApiProperty({ type: WaiverDto, nullable: true, description: 'Who waived it.' })
  waived_by!: WaiverDto | null;
}

export class ApprovalDecisionDto {
  @ApiProperty({ description: 'Id of the person.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  user_id!: string;

  @ApiProperty({ description: 'Name of the person.', example: 'Ada' })
  name!: string;

  @ApiProperty({ enum: ['approved', 'changes_requested'], description: 'The decision.', example: 'approved' })
  decision!: 'approved' | 'changes_requested';

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Comment that was given.',
    example: 'Looks good.',
  })
  comment!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When.',
    example: '2026-01-02T03:04:05.678Z',
  })
  at!: string;
}

export class ApprovalInfoDto {
  @ApiProperty({ description: 'The approval step.', example: 'signoff' })
  step!: string;

  @ApiProperty({
    enum: ['viewer', 'member', 'admin'],
    description: 'Role that may decide.',
    example: 'member',
  })
  role!: 'viewer' | 'member' | 'admin';

  @ApiProperty({ type: 'integer', description: 'Approvals that are needed.', example: 1 })
  count!: number;

  @ApiProperty({ description: 'Whether the owner of the run may decide.', example: false })
  self_approval!: boolean;

  @ApiProperty({ type: [ApprovalDecisionDto], description: 'Decisions so far.' })
  decisions!: ApprovalDecisionDto[];
}

/** A phase of a run, as it stands in its newest attempt. */
export class PhaseInfoDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'discovery' })
  phase!: string;

  @ApiProperty({ description: 'Title for people.', example: 'Discovery' })
  title!: string;

  @ApiProperty({
    enum: PHASE_STATUSES,
    enumName: 'PhaseStatus',
    description: 'Its status.',
    example: 'completed',
  })
  status!: PhaseStatus;

  @ApiProperty({
    type: 'integer',
    description: 'Number of the newest attempt; 0 before the first.',
    example: 1,
  })
  attempt!: number;

  @ApiProperty({ description: 'Whether a person may skip it.', example: false })
  optional!: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its first attempt started.',
    example: '2026-01-02T03:04:05.678Z',
  })
  started_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its newest attempt ended.',
    example: '2026-01-02T03:04:15.678Z',
  })
  completed_at!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Working time of all attempts that ended, seconds.',
    example: 10,
  })
  duration_seconds!: number | null;

  @ApiProperty({
    type: [String],
    description: 'Agents of its steps, each once, in order.',
    example: ['architect'],
  })
  agent_ids!: string[];

  @ApiProperty({ type: 'integer', description: 'Artifacts, newest versions.', example: 3 })
  artifacts_count!: number;

  @ApiProperty({ type: [StepInfoDto], description: 'Its steps.' })
  steps!: StepInfoDto[];

  @ApiProperty({ type: [GateDto], description: 'Verdicts of the newest attempt.' })
  gates!: GateDto[];

  @ApiProperty({
    type: ApprovalInfoDto,
    nullable: true,
    description: 'The approval it has or had to wait for.',
  })
  approval!: ApprovalInfoDto | null;

  @ApiProperty({ type: FailureDto, nullable: true, description: 'Why the newest attempt failed.' })
  error!: FailureDto | null;
}
