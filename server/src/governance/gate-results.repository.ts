import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { GateVerdict } from './domain/evidence.js';
import { GateResultEntity } from './gate-result.entity.js';

export interface VerdictPlace {
  readonly runId: string;
  readonly phaseAttemptId: string;
  readonly phase: string;
  readonly profileVersion: number;
  readonly evaluatedAt: Date;
}

export interface Waiver {
  readonly by: { readonly id: string; readonly name: string };
  readonly reason: string | null;
}

/** Verdicts of gates. */
@Injectable()
export class GateResultsRepository {
  constructor(private readonly dataSource: DataSource) {}

  ofAttempt(phaseAttemptId: string): Promise<GateResultEntity[]> {
    return this.dataSource
      .getRepository(GateResultEntity)
      .find({ where: { phaseAttemptId }, order: { id: 'ASC' } });
  }

  ofAttempts(phaseAttemptIds: readonly string[]): Promise<GateResultEntity[]> {
    return this.dataSource
      .getRepository(GateResultEntity)
      .find({ where: { phaseAttemptId: In([...phaseAttemptIds]) }, order: { id: 'ASC' } });
  }

  /** Saves the verdicts of an attempt in the place of earlier ones. */
  async replace(tx: EntityManager, place: VerdictPlace, verdicts: readonly GateVerdict[]): Promise<void> {
    await tx.delete(GateResultEntity, { phaseAttemptId: place.phaseAttemptId });
    if (verdicts.length === 0) return;
    await tx.insert(
      GateResultEntity,
      verdicts.map((verdict) => ({
        id: v7(),
        ...place,
        ...verdict,
        voidedAt: null,
        waivedBy: null,
        waivedReason: null,
        waivedAt: null,
        waiverExpiresAt: null,
      })),
    );
  }

  /** Waives what blocks in an attempt and returns the gates' ids. */
  async waiveBlocked(tx: EntityManager, phaseAttemptId: string, waiver: Waiver, at: Date): Promise<string[]> {
    const blocked = await tx.find(GateResultEntity, { where: { phaseAttemptId, status: 'blocked' } });
    for (const gate of blocked) {
      await tx.update(
        GateResultEntity,
        { id: gate.id },
        { status: 'waived', waivedBy: waiver.by, waivedReason: waiver.reason, waivedAt: at },
      );
    }
    return blocked.map((gate) => gate.gateId);
  }
}
