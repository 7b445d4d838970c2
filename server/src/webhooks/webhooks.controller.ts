import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import {
  CreateWebhookDto,
  UpdateWebhookDto,
  WebhookDto,
  WebhooksDto,
  WebhookWithSecretDto,
} from './dto/webhook.dto.js';
import { WebhooksService } from './webhooks.service.js';

const ID = {
  name: 'webhook_id',
  description: 'The webhook.',
  example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
};
const NOT_FOUND = 'The webhook is unknown or not visible to the caller (`not_found`).';
const BAD = 'The body or the address is wrong (`invalid_request`).';

@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Authenticated('webhooks:manage')
  @ApiOperation({
    operationId: 'listWebhooks',
    summary: 'The webhooks the caller may see',
    description: 'Members see their own, administrators all. Secrets are never shown.',
  })
  @ApiOkResponse({ type: WebhooksDto, description: 'At most 1000.' })
  async listWebhooks(@CurrentUser() by: Principal): Promise<WebhooksDto> {
    return { webhooks: await this.webhooks.list(by) };
  }

  @Post()
  @Authenticated('webhooks:manage')
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Make a webhook',
    description:
      'It is told events of runs that its owner may see, signed by Standard Webhooks with the secret that is shown here once.',
  })
  @ApiCreatedResponse({
    type: WebhookWithSecretDto,
    description: 'The webhook and its secret.',
    headers: { Location: { description: 'Where the webhook is.', schema: { type: 'string' } } },
  })
  @ApiProblems({ 400: BAD, 409: 'The caller has too many (`too_many_webhooks`).' })
  async createWebhook(
    @Body() body: CreateWebhookDto,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecretDto> {
    const webhook = await this.webhooks.create(body, by);
    response.setHeader('Location', `/webhooks/${webhook.webhook_id}`);
    return webhook;
  }

  @Get(':webhook_id')
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({ operationId: 'getWebhook', summary: 'A webhook' })
  @ApiOkResponse({ type: WebhookDto, description: 'The webhook.' })
  @ApiProblems({ 404: NOT_FOUND })
  getWebhook(@Param('webhook_id') id: string, @CurrentUser() by: Principal): Promise<WebhookDto> {
    return this.webhooks.show(id, by);
  }

  @Patch(':webhook_id')
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'updateWebhook',
    summary: 'Change a webhook',
    description: 'What the body does not name stays. Turned on again it is told what happens from then on.',
  })
  @ApiOkResponse({ type: WebhookDto, description: 'The webhook.' })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND })
  updateWebhook(
    @Param('webhook_id') id: string,
    @Body() body: UpdateWebhookDto,
    @CurrentUser() by: Principal,
  ): Promise<WebhookDto> {
    return this.webhooks.update(id, body, by);
  }

  @Delete(':webhook_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'deleteWebhook',
    summary: 'Remove a webhook',
    description: 'With the list of its deliveries.',
  })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 404: NOT_FOUND })
  async deleteWebhook(@Param('webhook_id') id: string, @CurrentUser() by: Principal): Promise<void> {
    await this.webhooks.remove(id, by);
  }

  @Post(':webhook_id/secret')
  @HttpCode(HttpStatus.OK)
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook another secret',
    description: 'For 24 hours deliveries are signed with the one before as well.',
  })
  @ApiOkResponse({ type: WebhookWithSecretDto, description: 'The webhook and its new secret.' })
  @ApiProblems({ 404: NOT_FOUND })
  rotateWebhookSecret(
    @Param('webhook_id') id: string,
    @CurrentUser() by: Principal,
  ): Promise<WebhookWithSecretDto> {
    return this.webhooks.rotate(id, by);
  }
}
