import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { RetentionDto } from './retention.dto.js';
import { RetentionService } from './retention.service.js';

@ApiTags('retention')
@Controller('retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @Authenticated('settings:manage')
  @ApiOperation({
    operationId: 'getRetention',
    summary: 'What is kept how long, and what was removed last',
    description: 'The times are settings of the server.',
  })
  @ApiOkResponse({ type: RetentionDto, description: 'As it is.' })
  getRetention(): Promise<RetentionDto> {
    return this.retention.show();
  }
}
