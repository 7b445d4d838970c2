import { ApiProperty } from '@nestjs/swagger';

const TIME = '2026-01-02T03:04:05.678Z';
const DAYS = (description: string, example: number | null) => ({
  type: 'integer' as const,
  nullable: true,
  description,
  example,
});

export class RetentionRoundDto {
  @ApiProperty({ format: 'date-time', description: 'When it began.', example: TIME })
  started_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When it ended.', example: TIME })
  ended_at!: string;

  @ApiProperty({ type: 'integer', description: 'Runs that it archived.', example: 3 })
  runs_archived!: number;

  @ApiProperty({ type: 'integer', description: 'Runs that it erased.', example: 1 })
  runs_erased!: number;

  @ApiProperty({ type: 'integer', description: 'Uploaded repositories that it removed.', example: 0 })
  uploads_removed!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Contents that nothing refers to and that it removed.',
    example: 12,
  })
  contents_removed!: number;

  @ApiProperty({ type: 'integer', description: 'Deliveries of webhooks that it forgot.', example: 40 })
  webhook_deliveries_removed!: number;
}

export class RetentionDto {
  @ApiProperty(DAYS('Finished runs are archived after so many days at rest; null: never.', 90))
  archive_days!: number | null;

  @ApiProperty(DAYS('Archived runs are erased after so many days in the archive; null: never.', 30))
  purge_days!: number | null;

  @ApiProperty({ type: 'integer', description: 'Uploads without a run are kept so many days.', example: 7 })
  upload_days!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Contents that nothing refers to are kept so many days.',
    example: 1,
  })
  content_days!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Ended deliveries of webhooks are kept so many days.',
    example: 30,
  })
  webhook_delivery_days!: number;

  @ApiProperty({ type: 'integer', description: 'Seconds between two rounds.', example: 3600 })
  every_seconds!: number;

  @ApiProperty({
    type: RetentionRoundDto,
    nullable: true,
    description: 'The last complete round of any process; null where there was none yet.',
  })
  last_round!: RetentionRoundDto | null;
}
