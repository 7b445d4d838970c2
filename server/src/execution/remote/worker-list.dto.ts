import { ApiProperty } from '@nestjs/swagger';

export class HeldStepDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  run_id!: string;

  @ApiProperty({ description: 'The phase.', example: 'qa' })
  phase!: string;

  @ApiProperty({ description: 'The step.', example: 'scan' })
  step!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When its lease ends without a heartbeat.',
    example: '2026-01-02T03:04:25.678Z',
  })
  lease_expires_at!: string;
}

export class WorkerDto {
  @ApiProperty({ description: 'Id of the worker.', example: 'host-42-1a2b3c4d' })
  worker_id!: string;

  @ApiProperty({ description: 'Name shown to people.', example: 'gpu-1' })
  name!: string;

  @ApiProperty({
    enum: ['local', 'remote'],
    description: 'A process of this server, or one outside.',
    example: 'local',
  })
  kind!: 'local' | 'remote';

  @ApiProperty({ type: [String], description: 'What it can do.', example: ['security'] })
  labels!: string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it started, or was first seen.',
    example: '2026-01-02T03:04:05.678Z',
  })
  started_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Its last sign of life.',
    example: '2026-01-02T03:04:20.678Z',
  })
  heartbeat_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it stopped in good order.',
    example: null,
  })
  stopped_at!: string | null;

  @ApiProperty({ type: [HeldStepDto], description: 'Steps it holds, of runs the caller may see.' })
  holds!: HeldStepDto[];
}

export class WorkerListDto {
  @ApiProperty({ type: [WorkerDto], description: 'The workers, the last seen first.' })
  workers!: WorkerDto[];
}
