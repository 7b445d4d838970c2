import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { ObservabilityController } from './observability.controller.js';
import { Readiness } from './readiness.js';

/** Health and metrics; `Metrics` is there for every part that measures something. */
@Global()
@Module({
  controllers: [ObservabilityController],
  providers: [Metrics, Readiness],
  exports: [Metrics, Readiness],
})
export class ObservabilityModule {}
