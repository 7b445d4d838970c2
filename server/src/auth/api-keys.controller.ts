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
import { ApiProblems } from './api-problems.decorator.js';
import { ApiKeyDto, ApiKeysDto, CreateApiKeyDto, CreatedApiKeyDto } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentUser } from './current-user.decorator.js';
import type { Principal } from './domain/principal.js';

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  /** The caller's own keys. */
  @Get()
  @Authenticated('api_keys:own')
  @ApiOperation({ operationId: 'listApiKeys', summary: 'Lists your API keys' })
  @ApiOkResponse({ type: ApiKeysDto })
  async listApiKeys(@CurrentUser() user: Principal): Promise<ApiKeysDto> {
    return { api_keys: (await this.apiKeys.list(user.userId)).map((key) => ApiKeyDto.of(key)) };
  }

  /** A new key, which is shown in this answer only. */
  @Post()
  @Authenticated('api_keys:own')
  @ApiOperation({ operationId: 'createApiKey', summary: 'Makes an API key' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  @ApiProblems({
    400: 'The body is not acceptable (`invalid_request`).',
    409: 'You have too many keys (`too_many_keys`).',
  })
  async createApiKey(
    @Body() body: CreateApiKeyDto,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedApiKeyDto> {
    const expiresAt = body.expires_at ? new Date(body.expires_at) : null;
    const request = { name: body.name, scopes: body.scopes ?? null, expiresAt };
    const { record, key } = await this.apiKeys.create(user, request);
    response.set('Cache-Control', 'no-store');
    return { ...ApiKeyDto.of(record), key };
  }

  /** Revokes a key at once. */
  @Delete(':api_key_id')
  @HttpCode(204)
  @Authenticated('api_keys:own')
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revokes one of your API keys' })
  @ApiParam({
    name: 'api_key_id',
    description: 'Id of the key.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c13',
  })
  @ApiNoContentResponse({ description: 'Revoked.' })
  @ApiProblems({ 404: 'You have no such key (`not_found`).' })
  async revokeApiKey(@Param('api_key_id') id: string, @CurrentUser() user: Principal): Promise<void> {
    await this.apiKeys.revoke(user.userId, id);
  }
}
