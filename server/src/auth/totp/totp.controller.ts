import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { renderSVG } from 'uqr';
import { ApiProblems } from '../api-problems.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentUser } from '../current-user.decorator.js';
import type { Principal } from '../domain/principal.js';
import { UsersService } from '../users.service.js';
import {
  RecoveryCodesDto,
  TotpCodeDto,
  TotpEnrolmentDto,
  TotpPasswordDto,
  TotpStateDto,
} from './totp.dto.js';
import { Totp } from './totp.service.js';

const PASSWORD_PROBLEMS = {
  400: 'The body is not acceptable (`invalid_request`).',
  403: 'The password is not right (`wrong_password`), or the credential is narrowed (`forbidden`).',
  429: 'Too many wrong passwords (`too_many_attempts`) or requests (`too_many_requests`).',
};

@ApiTags('second-factor')
@Controller()
export class TotpController {
  constructor(
    private readonly totp: Totp,
    private readonly users: UsersService,
  ) {}

  @Get('auth/totp')
  @Authenticated('own_account')
  @ApiOperation({ operationId: 'getTotp', summary: 'Tells whether you have a second factor' })
  @ApiOkResponse({ type: TotpStateDto })
  async getTotp(@CurrentUser() user: Principal): Promise<TotpStateDto> {
    const factor = await this.totp.confirmed(user.userId);
    return {
      enabled: factor !== null,
      enabled_at: factor?.confirmedAt?.toISOString() ?? null,
      recovery_codes_left: factor?.recoveryHashes.length ?? 0,
    };
  }

  @Post('auth/totp')
  @Authenticated('own_account')
  @ApiOperation({ operationId: 'beginTotp', summary: 'Makes a secret for your authenticator' })
  @ApiCreatedResponse({ type: TotpEnrolmentDto, description: 'It counts once it is confirmed.' })
  @ApiProblems({ ...PASSWORD_PROBLEMS, 409: 'There is a second factor (`totp_enabled`).' })
  async beginTotp(
    @Body() body: TotpPasswordDto,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TotpEnrolmentDto> {
    const { secret, url } = await this.totp.begin(user, body.current_password, request.ip ?? null);
    response.set('Cache-Control', 'no-store');
    return { secret, otpauth_url: url, qr_svg: renderSVG(url, { border: 2 }) };
  }

  @Post('auth/totp/confirm')
  @HttpCode(200)
  @Authenticated('own_account')
  @ApiOperation({
    operationId: 'confirmTotp',
    summary: 'Turns your second factor on, and ends your other sign-ins',
  })
  @ApiOkResponse({ type: RecoveryCodesDto })
  @ApiProblems({
    400: 'The code (`totp_invalid`) or the body (`invalid_request`) is not acceptable.',
    409: 'There is nothing to confirm (`totp_not_begun`).',
  })
  async confirmTotp(
    @Body() body: TotpCodeDto,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecoveryCodesDto> {
    response.set('Cache-Control', 'no-store');
    return { recovery_codes: await this.totp.confirm(user, body.code) };
  }

  @Post('auth/totp/recovery-codes')
  @HttpCode(200)
  @Authenticated('own_account')
  @ApiOperation({
    operationId: 'renewRecoveryCodes',
    summary: 'Makes ten new recovery codes; the old ones end',
  })
  @ApiOkResponse({ type: RecoveryCodesDto })
  @ApiProblems({ ...PASSWORD_PROBLEMS, 404: 'You have no second factor (`not_found`).' })
  async renewRecoveryCodes(
    @Body() body: TotpPasswordDto,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecoveryCodesDto> {
    const codes = await this.totp.renewRecoveryCodes(user, body.current_password, request.ip ?? null);
    response.set('Cache-Control', 'no-store');
    return { recovery_codes: codes };
  }

  @Post('auth/totp/remove')
  @HttpCode(204)
  @Authenticated('own_account')
  @ApiOperation({
    operationId: 'removeTotp',
    summary: 'Removes your second factor, and ends your other sign-ins',
  })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({
    ...PASSWORD_PROBLEMS,
    404: 'You have no second factor (`not_found`).',
    409: 'A second factor is demanded of you (`totp_demanded`).',
  })
  async removeTotp(
    @Body() body: TotpPasswordDto,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ): Promise<void> {
    await this.totp.removeOwn(user, body.current_password, request.ip ?? null);
  }

  @Delete('users/:user_id/totp')
  @HttpCode(204)
  @Authenticated('users:manage')
  @ApiParam({
    name: 'user_id',
    description: 'Id of the user.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
  })
  @ApiOperation({
    operationId: 'removeTotpOfUser',
    summary: 'Removes the second factor of somebody who lost it, and ends their sign-ins',
  })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 404: 'There is no such user, or they have no second factor (`not_found`).' })
  async removeTotpOfUser(@Param('user_id') id: string): Promise<void> {
    const user = await this.users.get(id);
    await this.totp.remove(user.id, null);
  }
}
