import { Body, Controller, HttpCode, HttpStatus, Param, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblems } from '../../auth/api-problems.decorator.js';
import { Public } from '../../auth/authenticated.decorator.js';
import { CallbackDto } from './callback.dto.js';
import { Callbacks } from './callbacks.service.js';

@ApiTags('callbacks')
@Controller('callbacks')
export class CallbackController {
  constructor(private readonly callbacks: Callbacks) {}

  @Post(':token')
  @Public()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    operationId: 'receiveCallback',
    summary: 'Tell how the work of an http step ended',
    description:
      'The address is given to the called service in `X-Orchestrator-Callback-Url`; its signature is the only ' +
      'credential. It serves once, until the step’s time limit.',
  })
  @ApiParam({
    name: 'token',
    description: 'The signed part of the address.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10.1.1769000000.c2lnbmF0dXJl',
  })
  @ApiNoContentResponse({ description: 'The step has ended as told.' })
  @ApiProblems({
    400: 'The body is wrong (`invalid_request`).',
    403: 'The address is forged (`callback_invalid`).',
    409: 'The callback came already, or nothing awaits it any more (`callback_not_awaited`); nothing was changed.',
    410: 'The step’s time limit is over (`callback_expired`).',
    413: 'The body is larger than 256 KiB (`too_large`).',
  })
  async receiveCallback(
    @Param('token') token: string,
    @Body() body: CallbackDto,
    @Req() request: Request,
  ): Promise<void> {
    await this.callbacks.receive(token, body, request.ip ?? 'unknown');
  }
}
