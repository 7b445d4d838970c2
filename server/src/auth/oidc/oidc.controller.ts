import { Body, Controller, Get, Header, HttpCode, Logger, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/app-config.js';
import { DomainError } from '../../problems/domain-error.js';
import { ApiProblems } from '../api-problems.decorator.js';
import type { AuthenticatedRequest } from '../authenticated-request.js';
import { Public, PublicUnlimited } from '../authenticated.decorator.js';
import { clientOf } from '../client-of.js';
import { AuthCookies } from '../cookies.js';
import { principalOf } from '../principal-of.js';
import { publicOrigin } from '../public-origin.js';
import { SessionsService } from '../sessions.service.js';
import { SignOut } from '../sign-out.js';
import { consolePath } from './domain/console-path.js';
import { LoginFlows } from './login-flow.js';
import { OidcLogout } from './oidc-logout.js';
import { OidcLogin } from './oidc-login.js';
import { OidcProviderDto, OidcLoginQueryDto, SignOutDto } from './oidc.dto.js';
import { OidcProvider } from './oidc-provider.js';

const CALLBACK = '/auth/oidc/callback';
const LOGIN_PAGE = '/orchestrator/login';

@ApiTags('oidc')
@Controller('auth/oidc')
export class OidcController {
  private readonly logger = new Logger(OidcController.name);

  constructor(
    private readonly config: AppConfig,
    private readonly provider: OidcProvider,
    private readonly oidc: OidcLogin,
    private readonly flows: LoginFlows,
    private readonly sessions: SessionsService,
    private readonly cookies: AuthCookies,
    private readonly signOut: SignOut,
    private readonly ended: OidcLogout,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ operationId: 'getOidcProvider', summary: 'Tells whether there is an identity provider' })
  @ApiOkResponse({ type: OidcProviderDto })
  getOidcProvider(): OidcProviderDto {
    const { settings } = this.provider;
    return { enabled: settings !== null, name: settings === null ? null : new URL(settings.issuer).host };
  }

  @Get('login')
  @Public()
  @ApiOperation({
    operationId: 'startOidcLogin',
    summary: 'Sends the browser to the identity provider',
    description: 'For browsers: programs send the access token of the provider, or an API key.',
  })
  @ApiFoundResponse({ description: 'To the provider, or back to the sign-in page with `failure`.' })
  @ApiProblems({
    400: 'The query is not acceptable (`invalid_request`).',
    404: 'No identity provider is configured (`not_found`).',
  })
  async startOidcLogin(
    @Query() query: OidcLoginQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const callback = publicOrigin(this.config, request) + CALLBACK;
      const { url, flow } = await this.oidc.begin(callback, consolePath(query.return_to));
      this.flows.keep(response, flow);
      send(response, url.href);
    } catch (error) {
      if (error instanceof DomainError && error.status === 404) throw error;
      this.fail(request, response, error);
    }
  }

  @Get('callback')
  @Public()
  @ApiOperation({
    operationId: 'finishOidcLogin',
    summary: 'Where the identity provider sends the browser back to',
    description: 'Sets the cookies of the console. What went wrong is in `failure` of the sign-in page.',
  })
  @ApiQuery({ name: 'code', required: false, description: 'Given by the provider.', example: 'c0de' })
  @ApiQuery({ name: 'state', required: false, description: 'As it was sent.', example: '5tate' })
  @ApiQuery({ name: 'error', required: false, description: 'Why not.', example: 'access_denied' })
  @ApiFoundResponse({ description: 'To the page that was wanted, or to the sign-in page.' })
  async finishOidcLogin(@Req() request: AuthenticatedRequest, @Res() response: Response): Promise<void> {
    const origin = publicOrigin(this.config, request);
    const flow = this.flows.take(request, response);
    try {
      if (flow === null) throw new DomainError(403, 'sign_in_expired', 'This sign-in took too long.');
      const answer = new URL(origin + CALLBACK + (URL.parse(request.originalUrl, origin)?.search ?? ''));
      const { user, proof } = await this.oidc.finish(answer, flow);
      this.cookies.set(response, await this.sessions.open(user.id, clientOf(request), proof));
      request.principal = principalOf(user, 'session');
      send(response, origin + flow.returnTo);
    } catch (error) {
      this.fail(request, response, error);
    }
  }

  @Post('logout')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    operationId: 'endOidcLogin',
    summary: 'Signs out here, and tells where to sign out at the identity provider',
    description: 'For browsers. A sign-in by password has nothing to end elsewhere.',
  })
  @ApiOkResponse({ type: SignOutDto })
  @ApiProblems({ 403: 'Another site sent this (`cross_site_request`).' })
  async endOidcLogin(
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignOutDto> {
    const idToken = await this.signOut.end(request, response);
    if (idToken === null || this.provider.settings === null) return { provider_url: null };
    const back = publicOrigin(this.config, request) + LOGIN_PAGE;
    try {
      return { provider_url: await this.oidc.endUrl(idToken, back) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Signed out here in any case; a provider that is away must not keep somebody in.
      return { provider_url: null };
    }
  }

  @Post('backchannel-logout')
  @HttpCode(200)
  @PublicUnlimited()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'receiveBackchannelLogout',
    summary: 'Where the identity provider tells that somebody signed out there',
    description: 'OpenID Connect Back-Channel Logout 1.0. The token is its own credential.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['logout_token'],
      properties: { logout_token: { type: 'string', description: 'Signed by the provider.' } },
    },
  })
  @ApiOkResponse({ description: 'What it names has ended.' })
  @ApiProblems({
    400: 'The token is missing or not good (`logout_token_invalid`).',
    403: 'Another site sent this (`cross_site_request`).',
    404: 'No identity provider is configured (`not_found`).',
    413: 'It is too large (`body_too_large`).',
    503: 'The provider does not answer (`identity_provider_unavailable`).',
  })
  async receiveBackchannelLogout(@Body('logout_token') token: unknown): Promise<void> {
    await this.ended.end(typeof token === 'string' ? token : '');
  }

  /** A browser is shown the sign-in page, which says why, and never a problem as JSON. */
  private fail(request: AuthenticatedRequest, response: Response, error: unknown): void {
    if (!(error instanceof DomainError)) this.logger.error({ err: error, path: request.path });
    const [code, status] =
      error instanceof DomainError ? [error.code, error.status] : ['internal_error', 500];
    request.outcome = status;
    send(response, `${publicOrigin(this.config, request)}${LOGIN_PAGE}?failure=${code}`);
  }
}

function send(response: Response, url: string): void {
  response.status(302).set('Cache-Control', 'no-store').location(url).end();
}
