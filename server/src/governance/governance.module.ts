import { Module } from '@nestjs/common';
import { GateResultsRepository } from './gate-results.repository.js';
import { MeasurementsRepository } from './measurements.repository.js';

/** Verdicts and the figures they rest on. */
@Module({
  providers: [GateResultsRepository, MeasurementsRepository],
  exports: [GateResultsRepository, MeasurementsRepository],
})
export class GovernanceModule {}
