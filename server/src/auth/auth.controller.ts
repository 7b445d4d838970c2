import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.js';
import { ApiProblems } from './api-problems.decorator.js';
import { Authenticated, Public } from './authenticated.decorator.js';
import { AuthStatusDto, ChangePasswordDto, LoginDto, MeDto, SetupDto, TokenDto } from './auth.dto.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { AuthService } from './auth.service.js';
import { Callers } from './callers.js';
import { AuthCookies, cookieOf, REFRESH_COOKIE } from './cookies.js';
import { refused } from './credentials.js';
import { CurrentUser } from './current-user.decorator.js';
import type { Principal } from './domain/principal.js';
import { clientOf } from './client-of.js';
import { SessionsService, type Tokens } from './sessions.service.js';
import { SignOut } from './sign-out.js';
import { SecondStep } from './totp/second-step.js';
import { TotpLoginDto } from './totp/totp.dto.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookies: AuthCookies,
    private readonly signOut: SignOut,
    private readonly secondStep: SecondStep,
    private readonly callers: Callers,
  ) {}

  /** Whether the first administrator is still to be made. */
  @Get('status')
  @Public()
  @ApiOperation({ operationId: 'getAuthStatus', summary: 'Tells whether the first-run page is due' })
  @ApiOkResponse({ type: AuthStatusDto })
  async getAuthStatus(): Promise<AuthStatusDto> {
    return { setup_required: await this.auth.setupRequired() };
  }

  /** Makes the first administrator with the token from the terminal. */
  @Post('setup')
  @Public()
  @ApiOperation({ operationId: 'setUp', summary: 'Makes the first administrator and signs them in' })
  @ApiCreatedResponse({ type: TokenDto })
  @ApiProblems({
    400: 'The body or the password is not acceptable (`invalid_request`).',
    403: 'The token is not right (`setup_token_invalid`), or another site sent this (`cross_site_request`).',
    409: 'There is an administrator (`already_set_up`), or the e-mail is taken (`email_taken`).',
  })
  async setUp(
    @Body() body: SetupDto,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenDto> {
    return this.welcome(request, response, await this.auth.setUp(body, clientOf(request)));
  }

  /** Signs in with e-mail and password. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOperation({ operationId: 'login', summary: 'Signs in; also sets the console’s cookies' })
  @ApiOkResponse({ type: TokenDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    401:
      'E-mail or password is not right, or the account is disabled (`invalid_credentials`); or a second factor is needed ' +
      '(`totp_required`), for which `totp_ticket` is in the answer.',
    403: 'Another site sent this (`cross_site_request`).',
    429: 'Too many failed sign-ins (`too_many_attempts`); `Retry-After` says when to try again.',
  })
  async login(
    @Body() body: LoginDto,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenDto> {
    return this.welcome(
      request,
      response,
      await this.auth.login(body.email, body.password, clientOf(request)),
    );
  }

  /** The second half of a sign-in, for accounts with a second factor. */
  @Post('login/totp')
  @HttpCode(200)
  @Public()
  @ApiOperation({ operationId: 'loginTotp', summary: 'Signs in with the code of an authenticator' })
  @ApiOkResponse({ type: TokenDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    401: 'The code is not right or was used (`totp_invalid`); or enter the password again (`totp_ticket_invalid`).',
    403: 'Another site sent this (`cross_site_request`).',
    429: 'Too many wrong codes (`too_many_attempts`); `Retry-After` says when to try again.',
  })
  async loginTotp(
    @Body() body: TotpLoginDto,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenDto> {
    await this.callers.named(request, this.secondStep.subject(body.ticket));
    return this.welcome(
      request,
      response,
      await this.secondStep.login(body.ticket, body.code, clientOf(request)),
    );
  }

  /** New tokens for the refresh cookie, which is replaced; an old one that comes back ends the sign-in. */
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @ApiOperation({ operationId: 'refresh', summary: 'Renews the sign-in of the refresh cookie' })
  @ApiOkResponse({ type: TokenDto })
  @ApiProblems({
    401: 'No refresh cookie (`authentication_required`), or its sign-in has ended (`refresh_invalid`).',
    403: 'Another site sent this (`cross_site_request`).',
  })
  async refresh(
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenDto> {
    const token = cookieOf(request, REFRESH_COOKIE);
    if (token === null) throw refused('There is no refresh cookie; authentication is needed');
    const tokens = await this.sessions.refresh(token).catch(async (error: unknown) => {
      await this.callers.named(request, await this.sessions.ownerOf(token));
      throw error;
    });
    return this.hand(response, tokens);
  }

  /** Ends the sign-in of the cookies and of the Bearer token; without either it changes nothing. */
  @Post('logout')
  @HttpCode(204)
  @Public()
  @ApiOperation({ operationId: 'logout', summary: 'Signs out' })
  @ApiNoContentResponse({ description: 'Signed out.' })
  @ApiProblems({ 403: 'Another site sent this (`cross_site_request`).' })
  async logout(
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.signOut.end(request, response);
  }

  /** The caller and what they may do. */
  @Get('me')
  @Authenticated('signed_in')
  @ApiOperation({ operationId: 'getMe', summary: 'Tells who you are and what you may do' })
  @ApiOkResponse({ type: MeDto })
  getMe(@CurrentUser() user: Principal): MeDto {
    return MeDto.of(user);
  }

  /** Changes the caller's password; other sign-ins end. */
  @Post('password')
  @HttpCode(204)
  @Authenticated('own_account')
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Changes your password and ends your other sign-ins',
  })
  @ApiNoContentResponse({ description: 'Changed.' })
  @ApiProblems({ 400: 'The new password is not acceptable (`invalid_request`).' })
  async changePassword(
    @Body() body: ChangePasswordDto,
    @CurrentUser() user: Principal,
    @Req() request: AuthenticatedRequest,
  ): Promise<void> {
    await this.auth.changePassword(user, body.current_password, body.new_password, request.ip ?? null);
  }

  private async welcome(
    request: AuthenticatedRequest,
    response: Response,
    tokens: Tokens,
  ): Promise<TokenDto> {
    await this.callers.proved(request, tokens.userId);
    return this.hand(response, tokens);
  }

  private hand(response: Response, tokens: Tokens): TokenDto {
    this.cookies.set(response, tokens);
    response.set('Cache-Control', 'no-store');
    return { access_token: tokens.accessToken, token_type: 'Bearer', expires_in: ACCESS_TOKEN_SECONDS };
  }
}
