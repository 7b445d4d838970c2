import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import type { Measurement } from './domain/evidence.js';
import { MeasurementEntity } from './measurement.entity.js';

/** Figures that steps reported or that were read from reports. */
@Injectable()
export class MeasurementsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async record(
    tx: EntityManager,
    place: { readonly runId: string; readonly phaseAttemptId: string },
    measurements: readonly Measurement[],
  ): Promise<void> {
    if (measurements.length === 0) return;
    await tx.insert(
      MeasurementEntity,
      measurements.map(({ name, value, source, sha256, stepId }) => ({
        ...place,
        name,
        value,
        source,
        sha256,
        step: stepId,
      })),
    );
  }

  ofAttempts(phaseAttemptIds: readonly string[]): Promise<MeasurementEntity[]> {
    return this.dataSource
      .getRepository(MeasurementEntity)
      .find({ where: { phaseAttemptId: In([...phaseAttemptIds]) }, order: { id: 'ASC' } });
  }
}
