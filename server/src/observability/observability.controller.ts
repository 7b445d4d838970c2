import { Controller, Get, Header } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Authenticated, PublicUnlimited } from '../auth/authenticated.decorator.js';
import { Unlimited } from '../auth/unlimited.decorator.js';
import { ProblemDto } from '../problems/problem.dto.js';
import { HealthDto } from './health.dto.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

@ApiTags('operations')
@Controller()
export class ObservabilityController {
  constructor(
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {}

  @Get('health/live')
  @PublicUnlimited()
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process runs' })
  @ApiOkResponse({ description: 'It does.', type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @PublicUnlimited()
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether the process and its database can serve requests',
  })
  @ApiOkResponse({ description: 'They can.', type: HealthDto })
  @ApiServiceUnavailableResponse({ description: 'The database gives no answer.', type: ProblemDto })
  async ready(): Promise<HealthDto> {
    await this.readiness.check();
    return { status: 'ok' };
  }

  @Get('metrics')
  @Authenticated('metrics:read')
  @Unlimited()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics of this process for Prometheus',
    description: 'Prometheus sends an API key with the scope `metrics:read` as its bearer token.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Prometheus text format.', schema: { type: 'string' } })
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
