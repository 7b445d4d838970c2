import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { AppConfig } from '../../config/app-config.js';
import { ACCESS_TOKEN_SECONDS } from '../access-tokens.js';
import { ApiProblems } from '../api-problems.decorator.js';
import { TokenDto } from '../auth.dto.js';
import { Authenticated, Public } from '../authenticated.decorator.js';
import type { AuthenticatedRequest } from '../authenticated-request.js';
import { Callers } from '../callers.js';
import { clientOf } from '../client-of.js';
import { CurrentUser } from '../current-user.decorator.js';
import type { Principal } from '../domain/principal.js';
import { publicOrigin } from '../public-origin.js';
import {
  DecideDeviceDto,
  DeviceLoginDto,
  DeviceTokenDto,
  StartDeviceLoginDto,
  WaitingDeviceDto,
} from './device.dto.js';
import { DEVICE_LOGIN_SECONDS, DeviceLogins, POLL_SECONDS } from './device-logins.service.js';
import { showUserCode } from './domain/user-code.js';

const UserCode = (): MethodDecorator =>
  ApiParam({ name: 'user_code', description: 'The code that the program shows.', example: 'WDJB-MJHT' });

@ApiTags('device-login')
@Controller('auth/device')
export class DeviceController {
  constructor(
    private readonly devices: DeviceLogins,
    private readonly config: AppConfig,
    private readonly callers: Callers,
  ) {}

  @Post()
  @Public()
  @ApiOperation({
    operationId: 'startDeviceLogin',
    summary: 'Begins the sign-in of a program that somebody allows in the console',
  })
  @ApiCreatedResponse({ type: DeviceLoginDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    403: 'Another site sent this (`cross_site_request`).',
    429: 'Too many wait for a decision (`too_many_attempts`).',
  })
  async startDeviceLogin(
    @Body() body: StartDeviceLoginDto,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeviceLoginDto> {
    const { deviceCode, userCode } = await this.devices.start(body.client_name, request.ip ?? null);
    const page = `${publicOrigin(this.config, request)}/orchestrator/device`;
    const shown = showUserCode(userCode);
    response.set('Cache-Control', 'no-store');
    return {
      ...{ device_code: deviceCode, user_code: shown },
      ...{ verification_uri: page, verification_uri_complete: `${page}?code=${shown}` },
      ...{ expires_in: DEVICE_LOGIN_SECONDS, interval: POLL_SECONDS },
    };
  }

  @Post('token')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    operationId: 'redeemDeviceLogin',
    summary: 'Tells what came of it; gives the token once it is allowed',
  })
  @ApiOkResponse({ type: TokenDto })
  @ApiProblems({
    400:
      'Not yet (`authorization_pending`, `slow_down`), refused (`access_denied`), over (`expired_token`), or the body ' +
      'is not acceptable (`invalid_request`).',
    403: 'Another site sent this (`cross_site_request`).',
  })
  async redeemDeviceLogin(
    @Body() body: DeviceTokenDto,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenDto> {
    const { userId, accessToken } = await this.devices.redeem(body.device_code, clientOf(request));
    await this.callers.proved(request, userId, 'token');
    response.set('Cache-Control', 'no-store');
    return { access_token: accessToken, token_type: 'Bearer', expires_in: ACCESS_TOKEN_SECONDS };
  }

  @Get('codes/:user_code')
  @Authenticated('own_account')
  @UserCode()
  @ApiOperation({ operationId: 'getDeviceLogin', summary: 'Tells which program waits under a code' })
  @ApiOkResponse({ type: WaitingDeviceDto })
  @ApiProblems({ 404: 'Nothing waits under this code (`not_found`).' })
  async getDeviceLogin(@Param('user_code') code: string): Promise<WaitingDeviceDto> {
    return WaitingDeviceDto.of(await this.devices.waiting(code));
  }

  @Post('codes/:user_code')
  @HttpCode(204)
  @Authenticated('own_account')
  @UserCode()
  @ApiOperation({ operationId: 'decideDeviceLogin', summary: 'Lets a program sign in as you, or refuses it' })
  @ApiNoContentResponse({ description: 'Decided.' })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    404: 'Nothing waits under this code (`not_found`).',
    409: 'You are a service account, which cannot sign in (`service_account`).',
  })
  async decideDeviceLogin(
    @Param('user_code') code: string,
    @Body() body: DecideDeviceDto,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    await this.devices.decide(code, user.userId, body.approve);
  }
}
