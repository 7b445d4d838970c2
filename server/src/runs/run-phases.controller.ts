import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { PhaseAttemptsDto } from './dto/phase-attempt.dto.js';
import { RunAccess } from './run-access.js';
import { RunsService } from './runs.service.js';

const RUN_ID = { name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };

@ApiTags('runs')
@Controller('runs/:run_id/phases')
export class RunPhasesController {
  constructor(
    private readonly access: RunAccess,
    private readonly runs: RunsService,
  ) {}

  @Get(':phase/attempts')
  @Authenticated('runs:read')
  @ApiParam(RUN_ID)
  @ApiParam({ name: 'phase', description: 'Name of the phase.', example: 'test' })
  @ApiOperation({
    operationId: 'listPhaseAttempts',
    summary: 'Every attempt of a phase',
    description: 'Newest first, those that a rollback went back past as well.',
  })
  @ApiOkResponse({ type: PhaseAttemptsDto, description: 'The attempts.' })
  @ApiProblems({ 404: 'The run or phase is unknown or not visible to the caller (`not_found`).' })
  async listPhaseAttempts(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @CurrentUser() by: Principal,
  ): Promise<PhaseAttemptsDto> {
    const run = await this.access.require(by, id, 'read');
    return { attempts: await this.runs.attempts(run, phase) };
  }
}
