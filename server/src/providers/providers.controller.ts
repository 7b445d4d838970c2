import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { ProviderDto, ProvidersDto, ProviderTestDto } from './provider-answers.dto.js';
import { CreateProviderDto, TestProviderDto, UpdateProviderDto } from './providers.dto.js';
import { ProvidersService } from './providers.service.js';

const ID = {
  name: 'provider_id',
  description: 'The provider.',
  example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
};
const UNKNOWN = 'There is no such provider, or it is somebody else’s (`not_found`).';
const FOREIGN =
  'The provider serves everyone and the caller lacks `providers:manage`, or it comes from the environment (`forbidden`).';
const BAD = 'The body is wrong (`invalid_request`).';

@ApiTags('providers')
@Controller('providers')
export class ProvidersController {
  constructor(private readonly providers: ProvidersService) {}

  @Get()
  @Authenticated('providers:own')
  @ApiOperation({
    operationId: 'listProviders',
    summary: 'The model providers',
    description: 'Those for everyone, and the caller’s own. Keys are never shown.',
  })
  @ApiOkResponse({ type: ProvidersDto, description: 'All that the caller may see.' })
  async listProviders(@CurrentUser() by: Principal): Promise<ProvidersDto> {
    return { providers: (await this.providers.list(by)).map((provider) => ProviderDto.of(provider)) };
  }

  @Post()
  @Authenticated('providers:own')
  @ApiOperation({
    operationId: 'createProvider',
    summary: 'Set up a model provider',
    description: 'Agent steps that waited for one are taken up.',
  })
  @ApiCreatedResponse({ type: ProviderDto, description: 'It is used from now on.' })
  @ApiProblems({ 400: BAD, 403: FOREIGN, 409: 'There is one with this name (`provider_exists`).' })
  async createProvider(@Body() body: CreateProviderDto, @CurrentUser() by: Principal): Promise<ProviderDto> {
    return ProviderDto.of(await this.providers.create(body, by));
  }

  @Patch(':provider_id')
  @Authenticated('providers:own')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'updateProvider',
    summary: 'Change a model provider',
    description: 'What is absent stays as it is. A new address needs the key again.',
  })
  @ApiOkResponse({ type: ProviderDto, description: 'It was changed.' })
  @ApiProblems({ 400: BAD, 403: FOREIGN, 404: UNKNOWN })
  async updateProvider(
    @Param('provider_id') id: string,
    @Body() body: UpdateProviderDto,
    @CurrentUser() by: Principal,
  ): Promise<ProviderDto> {
    return ProviderDto.of(await this.providers.update(id, body, by));
  }

  @Delete(':provider_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('providers:own')
  @ApiParam(ID)
  @ApiOperation({ operationId: 'deleteProvider', summary: 'Remove a model provider' })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 403: FOREIGN, 404: UNKNOWN })
  async deleteProvider(@Param('provider_id') id: string, @CurrentUser() by: Principal): Promise<void> {
    await this.providers.remove(id, by);
  }

  @Post(':provider_id/test')
  @HttpCode(HttpStatus.OK)
  @Authenticated('providers:own')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'testProvider',
    summary: 'Call the model provider once',
    description: 'A real, minimal call, which costs what the provider asks for it; it belongs to no run.',
  })
  @ApiOkResponse({ type: ProviderTestDto, description: 'What happened.' })
  @ApiProblems({
    400: 'There is no model to call (`invalid_request`).',
    403: FOREIGN,
    404: UNKNOWN,
    409: 'The stored key cannot be read with this SECRET_KEY (`secret_unreadable`).',
  })
  testProvider(
    @Param('provider_id') id: string,
    @Body() body: TestProviderDto,
    @CurrentUser() by: Principal,
  ): Promise<ProviderTestDto> {
    return this.providers.test(id, body.model ?? null, by);
  }
}
