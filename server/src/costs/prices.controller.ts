import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Price } from '../agents/domain/price.js';
import { PriceList } from '../agents/price-list.js';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { invalid, notFound } from '../problems/domain-error.js';
import { PriceDto, PricesDto, SetPriceDto } from './prices.dto.js';

const PROVIDER = { name: 'provider', description: 'The provider.', example: 'anthropic' };
const MODEL = {
  name: 'model',
  description: 'The model, percent-encoded where it has a slash.',
  example: 'claude-sonnet-4-5',
};
const LONGEST_NAME = 200;

@ApiTags('costs')
@Controller('prices')
export class PricesController {
  constructor(private readonly prices: PriceList) {}

  @Get()
  @Authenticated('costs:read')
  @ApiOperation({ operationId: 'listPrices', summary: 'The prices of models' })
  @ApiOkResponse({ type: PricesDto, description: 'The price table with what was set over it.' })
  async listPrices(): Promise<PricesDto> {
    return { prices: (await this.prices.all()).map((price) => PriceDto.of(price)) };
  }

  @Put(':provider/:model')
  @Authenticated('budgets:manage')
  @ApiParam(PROVIDER)
  @ApiParam(MODEL)
  @ApiOperation({
    operationId: 'setPrice',
    summary: 'Set the price of a model',
    description: 'For later calls. What was booked keeps the price that it was booked with.',
  })
  @ApiOkResponse({ type: PriceDto, description: 'It holds from now on.' })
  @ApiProblems({ 400: 'The body or a name is wrong (`invalid_request`).' })
  async setPrice(
    @Param('provider') provider: string,
    @Param('model') model: string,
    @Body() body: SetPriceDto,
    @CurrentUser() by: Principal,
  ): Promise<PriceDto> {
    if (provider.length > LONGEST_NAME || model.length > LONGEST_NAME) {
      throw invalid(`A name has at most ${String(LONGEST_NAME)} characters.`);
    }
    const price: Price = {
      ...{ provider, model, input: body.input, output: body.output },
      ...{ cacheRead: body.cache_read, cacheWrite: body.cache_write },
      source: body.source ?? `set by ${by.name}`,
      date: new Date().toISOString().slice(0, 10),
    };
    await this.prices.set(price, by.userId);
    return PriceDto.of({ price, overridden: true });
  }

  @Delete(':provider/:model')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('budgets:manage')
  @ApiParam(PROVIDER)
  @ApiParam(MODEL)
  @ApiOperation({
    operationId: 'resetPrice',
    summary: 'Take back the price that was set for a model',
    description: 'The price table holds again.',
  })
  @ApiNoContentResponse({ description: 'Taken back.' })
  @ApiProblems({
    400: 'A name is wrong (`invalid_request`).',
    404: 'No price was set for it (`not_found`).',
  })
  async resetPrice(@Param('provider') provider: string, @Param('model') model: string): Promise<void> {
    if (!(await this.prices.unset(provider, model))) throw notFound('Price', `${provider}/${model}`);
  }
}
