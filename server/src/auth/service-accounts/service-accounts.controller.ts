import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../api-problems.decorator.js';
import { ApiKeyDto, ApiKeysDto, CreateApiKeyDto, CreatedApiKeyDto } from '../api-keys.dto.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentUser } from '../current-user.decorator.js';
import type { Principal } from '../domain/principal.js';
import { UserDto } from '../users.dto.js';
import { CreateServiceAccountDto } from './service-accounts.dto.js';
import { ServiceAccounts } from './service-accounts.service.js';

const AccountId = (): MethodDecorator =>
  ApiParam({
    name: 'user_id',
    description: 'Id of the service account.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
  });

@ApiTags('service-accounts')
@Controller('service-accounts')
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccounts) {}

  @Post()
  @Authenticated('users:manage')
  @ApiOperation({
    operationId: 'createServiceAccount',
    summary: 'Makes an account for a program',
    description:
      'It has no password and cannot sign in. It is listed with the users, and changed and disabled there.',
  })
  @ApiCreatedResponse({ type: UserDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    409: 'The handle is taken (`service_account_exists`).',
  })
  async createServiceAccount(@Body() body: CreateServiceAccountDto): Promise<UserDto> {
    return UserDto.of(await this.accounts.create(body.handle, body.name, body.role), false);
  }

  @Get(':user_id/api-keys')
  @Authenticated('users:manage')
  @AccountId()
  @ApiOperation({ operationId: 'listServiceAccountKeys', summary: 'Lists the API keys of a service account' })
  @ApiOkResponse({ type: ApiKeysDto })
  @ApiProblems({ 404: 'There is no such service account (`not_found`).' })
  async listServiceAccountKeys(@Param('user_id') id: string): Promise<ApiKeysDto> {
    return { api_keys: (await this.accounts.keys(id)).map((key) => ApiKeyDto.of(key)) };
  }

  @Post(':user_id/api-keys')
  @Authenticated('users:manage')
  @AccountId()
  @ApiOperation({
    operationId: 'createServiceAccountKey',
    summary: 'Makes an API key of a service account',
    description:
      'Shown in this answer only. It can do no more than the role of the account, nor than its maker.',
  })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    404: 'There is no such service account (`not_found`).',
    409: 'It has too many keys (`too_many_keys`).',
  })
  async createServiceAccountKey(
    @Param('user_id') id: string,
    @Body() body: CreateApiKeyDto,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedApiKeyDto> {
    const expiresAt = body.expires_at ? new Date(body.expires_at) : null;
    const request = { name: body.name, scopes: body.scopes ?? null, expiresAt };
    const { record, key } = await this.accounts.createKey(user, id, request);
    response.set('Cache-Control', 'no-store');
    return { ...ApiKeyDto.of(record), key };
  }

  @Delete(':user_id/api-keys/:api_key_id')
  @HttpCode(204)
  @Authenticated('users:manage')
  @AccountId()
  @ApiParam({
    name: 'api_key_id',
    description: 'Id of the key.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c13',
  })
  @ApiOperation({
    operationId: 'revokeServiceAccountKey',
    summary: 'Revokes an API key of a service account',
  })
  @ApiNoContentResponse({ description: 'Revoked.' })
  @ApiProblems({ 404: 'There is no such service account or key (`not_found`).' })
  async revokeServiceAccountKey(
    @Param('user_id') id: string,
    @Param('api_key_id') keyId: string,
  ): Promise<void> {
    await this.accounts.revokeKey(id, keyId);
  }
}
