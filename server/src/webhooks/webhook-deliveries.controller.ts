import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import {
  WebhookDeliveriesDto,
  WebhookDeliveriesQuery,
  WebhookDeliveryDto,
} from './dto/webhook-delivery.dto.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';

const EXAMPLE = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const ID = { name: 'webhook_id', description: 'The webhook.', example: EXAMPLE };
const DELIVERY = { name: 'delivery_id', description: 'The delivery.', example: EXAMPLE };
const NOT_FOUND = 'The webhook is unknown or not visible to the caller (`not_found`).';

@ApiTags('webhooks')
@Controller('webhooks/:webhook_id')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Post('test')
  @HttpCode(HttpStatus.OK)
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Send a message of the type `webhook.test`',
    description: 'Once and at once, also where the webhook is off.',
  })
  @ApiOkResponse({ type: WebhookDeliveryDto, description: 'What came of it.' })
  @ApiProblems({ 404: NOT_FOUND })
  testWebhook(@Param('webhook_id') id: string, @CurrentUser() by: Principal): Promise<WebhookDeliveryDto> {
    return this.deliveries.test(id, by);
  }

  @Get('deliveries')
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'What was delivered, and what was not',
    description: 'Ended ones are kept for `WEBHOOK_KEEP_DAYS`.',
  })
  @ApiOkResponse({ type: WebhookDeliveriesDto, description: 'A page.' })
  @ApiProblems({ 400: 'A query value is out of range or unknown (`invalid_request`).', 404: NOT_FOUND })
  listWebhookDeliveries(
    @Param('webhook_id') id: string,
    @Query() query: WebhookDeliveriesQuery,
    @CurrentUser() by: Principal,
  ): Promise<WebhookDeliveriesDto> {
    return this.deliveries.list(id, query, by);
  }

  @Post('deliveries/:delivery_id/redeliver')
  @HttpCode(HttpStatus.ACCEPTED)
  @Authenticated('webhooks:manage')
  @ApiParam(ID)
  @ApiParam(DELIVERY)
  @ApiOperation({
    operationId: 'redeliverWebhook',
    summary: 'Deliver something again',
    description: 'With the same `webhook-id`, and with as many tries as the first time.',
  })
  @ApiAcceptedResponse({ type: WebhookDeliveryDto, description: 'It is due now.' })
  @ApiProblems({
    404: 'The webhook or the delivery is unknown or not visible to the caller (`not_found`).',
    409: 'It is being delivered (`delivery_pending`), or the webhook is off (`webhook_off`).',
  })
  redeliverWebhook(
    @Param('webhook_id') id: string,
    @Param('delivery_id') deliveryId: string,
    @CurrentUser() by: Principal,
  ): Promise<WebhookDeliveryDto> {
    return this.deliveries.redeliver(id, deliveryId, by);
  }
}
