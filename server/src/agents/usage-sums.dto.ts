import { ApiProperty } from '@nestjs/swagger';

/** What several model calls came to. */
export class UsageSumsDto {
  @ApiProperty({ type: 'integer', description: 'Model calls.', example: 12 })
  calls!: number;

  @ApiProperty({ type: 'integer', description: 'Those without a price: they are in no cost.', example: 0 })
  unpriced_calls!: number;

  @ApiProperty({ type: 'integer', description: 'Input tokens.', example: 200000 })
  input_tokens!: number;

  @ApiProperty({ type: 'integer', description: 'Output tokens.', example: 40000 })
  output_tokens!: number;

  @ApiProperty({ type: 'integer', description: 'Tokens read from a cache.', example: 0 })
  cache_read_tokens!: number;

  @ApiProperty({ type: 'integer', description: 'Tokens written to a cache.', example: 0 })
  cache_write_tokens!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars of the calls that have a price; null where none has.',
    example: 1.25,
  })
  cost_usd!: number | null;
}
