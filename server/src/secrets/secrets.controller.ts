import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put } from '@nestjs/common';
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
import { CreateSecretDto, RotationDto, SecretDto, SecretsDto, SetSecretDto } from './secrets.dto.js';
import { SecretsService } from './secrets.service.js';

const ID = { name: 'secret_id', description: 'The secret.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };
const UNKNOWN = 'There is no such secret (`not_found`).';
const BAD = 'The body is wrong (`invalid_request`).';

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(private readonly secrets: SecretsService) {}

  @Get()
  @Authenticated('secrets:manage')
  @ApiOperation({
    operationId: 'listSecrets',
    summary: 'The secrets for steps',
    description: 'Values are never shown.',
  })
  @ApiOkResponse({ type: SecretsDto, description: 'All of them.' })
  async listSecrets(): Promise<SecretsDto> {
    return { secrets: (await this.secrets.list()).map((secret) => SecretDto.of(secret)) };
  }

  @Post()
  @Authenticated('secrets:manage')
  @ApiOperation({
    operationId: 'createSecret',
    summary: 'Store a secret',
    description:
      'Steps that name it get it as an environment variable; the narrowest scope that fits a run holds.',
  })
  @ApiCreatedResponse({ type: SecretDto, description: 'It was stored.' })
  @ApiProblems({ 400: BAD, 409: 'There is one with this name and scope (`secret_exists`).' })
  async createSecret(@Body() body: CreateSecretDto, @CurrentUser() by: Principal): Promise<SecretDto> {
    return SecretDto.of(await this.secrets.create(body, by.userId));
  }

  @Post('rotate')
  @HttpCode(HttpStatus.OK)
  @Authenticated('secrets:manage')
  @ApiOperation({
    operationId: 'rotateSecrets',
    summary: 'Seal all secrets under the present SECRET_KEY',
    description: 'With the key before it in PREVIOUS_SECRET_KEY. May be repeated.',
  })
  @ApiOkResponse({ type: RotationDto, description: 'What was done.' })
  rotateSecrets(): Promise<RotationDto> {
    return this.secrets.rotate();
  }

  @Put(':secret_id')
  @Authenticated('secrets:manage')
  @ApiParam(ID)
  @ApiOperation({ operationId: 'setSecret', summary: 'Set a new value' })
  @ApiOkResponse({ type: SecretDto, description: 'It was set.' })
  @ApiProblems({ 400: BAD, 404: UNKNOWN })
  async setSecret(
    @Param('secret_id') id: string,
    @Body() body: SetSecretDto,
    @CurrentUser() by: Principal,
  ): Promise<SecretDto> {
    return SecretDto.of(await this.secrets.replace(id, body.value, by.userId));
  }

  @Delete(':secret_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('secrets:manage')
  @ApiParam(ID)
  @ApiOperation({ operationId: 'deleteSecret', summary: 'Remove a secret' })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 404: UNKNOWN })
  async deleteSecret(@Param('secret_id') id: string): Promise<void> {
    await this.secrets.remove(id);
  }
}
