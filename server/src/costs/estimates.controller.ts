import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { EstimateDto, EstimateRunDto } from './estimate.dto.js';
import { EstimatesService } from './estimates.service.js';

@ApiTags('costs')
@Controller('runs')
export class EstimatesController {
  constructor(private readonly estimates: EstimatesService) {}

  @Post('estimate')
  @HttpCode(HttpStatus.OK)
  @Authenticated('runs:create')
  @ApiOperation({
    operationId: 'estimateRun',
    summary: 'What a run may cost',
    description:
      'From the newest 200 completed runs of the profile, whoever started them. Where there are none, nothing is known and nothing is guessed.',
  })
  @ApiOkResponse({ type: EstimateDto, description: 'What runs like it came to.' })
  @ApiProblems({
    400: 'The profile is unknown or the parameters do not fit (`unknown_profile`, `invalid_request`).',
  })
  estimateRun(@Body() body: EstimateRunDto): Promise<EstimateDto> {
    return this.estimates.estimate(body);
  }
}
