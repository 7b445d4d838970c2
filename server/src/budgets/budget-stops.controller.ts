import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { listedOwner, type Principal } from '../auth/domain/principal.js';
import { BudgetStopDto, BudgetStopListDto } from './budget-stops.dto.js';
import { BudgetStopsRepository } from './budget-stops.repository.js';

const MOST_STOPS = 100;

@ApiTags('costs')
@Controller('budgets/stops')
export class BudgetStopsController {
  constructor(private readonly stops: BudgetStopsRepository) {}

  @Get()
  @Authenticated('costs:read')
  @ApiOperation({
    operationId: 'listBudgetStops',
    summary: 'Steps that budgets stopped',
    description:
      'By shared budgets and by the limits of runs and phases. Whoever may not read all runs sees those of their own.',
  })
  @ApiOkResponse({ type: BudgetStopListDto, description: 'The newest ones.' })
  async listBudgetStops(@CurrentUser() by: Principal): Promise<BudgetStopListDto> {
    const ownerId = listedOwner(by);
    const stops = await this.stops.newest(ownerId, MOST_STOPS);
    return { stops: stops.map((row) => BudgetStopDto.of(row)) };
  }
}
