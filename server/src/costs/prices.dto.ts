import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { ListedPrice } from '../agents/price-list.js';

const AMOUNT = /^\d{1,6}(\.\d{1,10})?$/u;
const message = 'must be US dollars per million tokens as a decimal string, such as "2.50"';

export class SetPriceDto {
  @ApiProperty({ description: 'US dollars per million input tokens, as a decimal string.', example: '3' })
  @Matches(AMOUNT, { message: `input ${message}` })
  input!: string;

  @ApiProperty({ description: 'US dollars per million output tokens.', example: '15' })
  @Matches(AMOUNT, { message: `output ${message}` })
  output!: string;

  @ApiProperty({ description: 'US dollars per million tokens read from a cache.', example: '0.30' })
  @Matches(AMOUNT, { message: `cache_read ${message}` })
  cache_read!: string;

  @ApiProperty({ description: 'US dollars per million tokens written to a cache.', example: '3.75' })
  @Matches(AMOUNT, { message: `cache_write ${message}` })
  cache_write!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Where the price comes from.',
    example: 'our contract of 2026',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  source?: string | null;
}

export class LongContextPriceDto {
  @ApiProperty({
    type: 'integer',
    description: 'For calls with more input tokens than these.',
    example: 200000,
  })
  above!: number;

  @ApiProperty({ description: 'As for other calls.', example: '4' })
  input!: string;

  @ApiProperty({ description: 'As for other calls.', example: '15' })
  output!: string;

  @ApiProperty({ description: 'As for other calls.', example: '0.20' })
  cache_read!: string;

  @ApiProperty({ description: 'As for other calls.', example: '5' })
  cache_write!: string;
}

export class PriceDto {
  @ApiProperty({ description: 'Provider.', example: 'anthropic' })
  provider!: string;

  @ApiProperty({
    description: 'Model; it holds for dated versions of it as well.',
    example: 'claude-sonnet-4-5',
  })
  model!: string;

  @ApiProperty({ description: 'US dollars per million input tokens, as a decimal string.', example: '3' })
  input!: string;

  @ApiProperty({ description: 'US dollars per million output tokens.', example: '15' })
  output!: string;

  @ApiProperty({ description: 'US dollars per million tokens read from a cache.', example: '0.30' })
  cache_read!: string;

  @ApiProperty({ description: 'US dollars per million tokens written to a cache.', example: '3.75' })
  cache_write!: string;

  @ApiProperty({
    type: LongContextPriceDto,
    nullable: true,
    description: 'The price of calls with long input; null where it is the same.',
  })
  long_context!: LongContextPriceDto | null;

  @ApiProperty({ description: 'Where it comes from.', example: 'https://www.anthropic.com/pricing' })
  source!: string;

  @ApiProperty({ description: 'Day on which the source said so.', example: '2025-09-29' })
  date!: string;

  @ApiProperty({ description: 'Whether an administrator set it.', example: false })
  overridden!: boolean;

  static of({ price, overridden }: ListedPrice): PriceDto {
    const { provider, model, input, output, cacheRead, cacheWrite, longContext, source, date } = price;
    return {
      ...{ provider, model, input, output, cache_read: cacheRead, cache_write: cacheWrite },
      long_context:
        longContext === undefined
          ? null
          : {
              ...{ above: longContext.above, input: longContext.input, output: longContext.output },
              ...{ cache_read: longContext.cacheRead, cache_write: longContext.cacheWrite },
            },
      ...{ source, date, overridden },
    };
  }
}

export class PricesDto {
  @ApiProperty({
    type: [PriceDto],
    description: 'By provider and model. A model that is not here is unpriced.',
  })
  prices!: PriceDto[];
}
