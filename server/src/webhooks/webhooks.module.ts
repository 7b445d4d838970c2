import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LiveModule } from '../live/live.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { WebhookDeliverer } from './webhook-deliverer.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookFanOut } from './webhook-fan-out.js';
import { WebhookMessages } from './webhook-messages.js';
import { WebhookRounds } from './webhook-rounds.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

/** Tells addresses of people's choice what happens in runs that they may see. */
@Module({
  imports: [AuditModule, LiveModule, RunsModule, SecretsModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    WebhooksRepository,
    WebhookDeliveriesRepository,
    WebhookSecrets,
    WebhookMessages,
    WebhookFanOut,
    WebhookDeliverer,
    WebhookRounds,
    WebhooksService,
    WebhookDeliveriesService,
  ],
  exports: [WebhookDeliverer],
})
export class WebhooksModule {}
