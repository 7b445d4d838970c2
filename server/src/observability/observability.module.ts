import { Global, Module } from '@nestjs/common';
import { ApplicationLogger } from './application-logger.js';
import { Metrics } from './metrics.js';
import { ObservabilityController } from './observability.controller.js';
import { Readiness } from './readiness.js';

/** Health and metrics; `Metrics` is there for every part that measures something. */
@Global()
@Module({
  controllers: [ObservabilityController],
  providers: [ApplicationLogger, Metrics, Readiness],
  exports: [Metrics, Readiness],
})
export class ObservabilityModule {}
