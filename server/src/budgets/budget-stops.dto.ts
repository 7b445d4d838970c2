import { ApiProperty } from '@nestjs/swagger';
import type { StopRow } from './budget-stops.repository.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';

/** A step whose model calls a budget refused. */
export class BudgetStopDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: ID })
  run_id!: string;

  @ApiProperty({ description: 'Project of the run.', example: 'payments' })
  project_name!: string;

  @ApiProperty({ description: 'Phase.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Step.', example: 'write' })
  step!: string;

  @ApiProperty({
    description: 'Id of the shared budget; `run` or `phase` for the limits that come with the run.',
    example: ID,
  })
  budget!: string;

  @ApiProperty({
    description: 'What was said when it refused last.',
    example: 'The budget of project payments is used up.',
  })
  message!: string;

  @ApiProperty({ type: 'integer', description: 'Refusals, asked again included.', example: 3 })
  refusals!: number;

  @ApiProperty({ description: 'Whether the run waits for a budget now.', example: true })
  waiting!: boolean;

  @ApiProperty({ format: 'date-time', description: 'When it refused first.', example: TIME })
  first_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When it refused last.', example: TIME })
  last_at!: string;

  static of(row: StopRow): BudgetStopDto {
    const { runId, project, phase, step, budget, message, refusals, waiting } = row;
    return {
      ...{ run_id: runId, project_name: project, phase, step, budget, message, refusals, waiting },
      ...{ first_at: row.at.toISOString(), last_at: row.lastAt.toISOString() },
    };
  }
}

export class BudgetStopListDto {
  @ApiProperty({ type: [BudgetStopDto], description: 'The newest first, at most 100.' })
  stops!: BudgetStopDto[];
}
