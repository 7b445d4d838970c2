import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { EventActor } from '../../runs/run-event.entity.js';

const ACTOR_KINDS = ['user', 'worker', 'system'] as const;

export class EventActorDto {
  @ApiProperty({ enum: ACTOR_KINDS, description: 'What kind of actor it is.', example: 'user' })
  kind!: EventActor['kind'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its id.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Its name.', example: 'Ada' })
  name!: string | null;
}

/** An entry of a run's history. */
export class RunEventDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: '1, 2, 3 … without gaps in each run.',
    example: 1,
  })
  seq!: number;

  @ApiProperty({ description: 'What happened.', example: 'run.created' })
  type!: string;

  @ApiProperty({ format: 'date-time', description: 'When.', example: '2026-11-22T12:00:00.000Z' })
  at!: string;

  @ApiProperty({
    type: EventActorDto,
    nullable: true,
    description: 'Who caused it; null where nobody asked for it.',
  })
  actor!: EventActorDto | null;

  @ApiProperty({ type: String, nullable: true, description: 'Phase that it is about.', example: 'planning' })
  phase!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Step that it is about.', example: null })
  step!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Attempt of the phase.', example: 1 })
  attempt!: number | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Details by type.', example: {} })
  data!: Record<string, unknown>;
}

export class RunEventsDto {
  @ApiProperty({ type: [RunEventDto], description: 'Events in order.' })
  events!: RunEventDto[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Give it as `after` for the next page; null where nothing more is there now.',
    example: null,
  })
  next_after!: number | null;
}

export class RunEventsQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Only events behind this sequence.',
    example: 0,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after = 0;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 100,
    description: 'Size of the page.',
    example: 100,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;
}
