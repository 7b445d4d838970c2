import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { listedOwner, type Principal } from '../auth/domain/principal.js';
import { invalid } from '../problems/domain-error.js';
import { CostsDto, CostsQuery, CostSumsDto } from './costs.dto.js';
import { CostsRepository } from './costs.repository.js';

const DEFAULT_DAYS = 30;
const MOST_ROWS = 500;
const DAY_MS = 86_400_000;

@ApiTags('costs')
@Controller('costs')
export class CostsController {
  constructor(private readonly costs: CostsRepository) {}

  @Get()
  @Authenticated('costs:read')
  @ApiOperation({
    operationId: 'getCosts',
    summary: 'What model calls cost',
    description:
      'Sums of the ledger, exact; runs that were erased count too. Whoever may not read all runs sees the costs of their own.',
  })
  @ApiOkResponse({ type: CostsDto, description: 'The sums.' })
  @ApiProblems({ 400: 'A query parameter is wrong (`invalid_request`).' })
  async getCosts(@Query() query: CostsQuery, @CurrentUser() caller: Principal): Promise<CostsDto> {
    const to = query.to === undefined ? new Date() : new Date(query.to);
    const from =
      query.from === undefined ? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(query.from);
    if (from >= to) {
      throw invalid('from must be before to.', [{ pointer: '?from', message: 'must be before to' }]);
    }
    const ownerId = listedOwner(caller);
    const range = { from, to, ownerId };
    const [total, rows] = await Promise.all([
      this.costs.total(range),
      this.costs.by(query.by, range, MOST_ROWS + 1),
    ]);
    return {
      ...{ from: from.toISOString(), to: to.toISOString(), by: query.by, own_only: ownerId !== null },
      total: CostSumsDto.of(total),
      rows: rows.slice(0, MOST_ROWS).map((row) => ({ key: row.key, name: row.name, ...CostSumsDto.of(row) })),
      rows_capped: rows.length > MOST_ROWS,
    };
  }
}
