import { ApiProperty } from '@nestjs/swagger';
import { GATE_STATUSES, type GateStatus } from '../../governance/domain/evidence.js';
import type { GateKind } from '../../workflow/domain/profile.js';

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
  'trace',
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
