import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ArtifactsApiModule } from './artifacts/artifacts-api.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BudgetsModule } from './budgets/budgets.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { CostsModule } from './costs/costs.module.js';
import { ExecutionModule } from './execution/execution.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { LiveApiModule } from './live/live-api.module.js';
import { LogsApiModule } from './logs/logs-api.module.js';
import { loggingModule } from './observability/logging.module.js';
import { McpModule } from './mcp/mcp.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RequestValidationPipe } from './problems/validation.pipe.js';
import { ProvidersModule } from './providers/providers.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { SharingModule } from './sharing/sharing.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WorkflowModule } from './workflow/workflow.module.js';

/** The application: the platform, and one module for each feature. */
@Module({})
export class AppModule {
  static of(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        loggingModule(),
        PersistenceModule,
        ObservabilityModule,
        AuthModule,
        IdempotencyModule,
        WorkflowModule,
        RunsModule,
        ArtifactsApiModule,
        LogsApiModule,
        LiveApiModule,
        ExecutionModule,
        RetentionModule,
        SchedulesModule,
        SecretsModule,
        BudgetsModule,
        ProvidersModule,
        CostsModule,
        SharingModule,
        WebhooksModule,
        AuditModule,
        McpModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: RequestValidationPipe },
      ],
    };
  }
}
