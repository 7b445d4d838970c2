import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { SYSTEM } from '../runs/domain/change.js';
import { RunChanges } from '../runs/run-changes.js';
import type { TokenCounts } from './domain/price.js';
import { ModelAccount, type Grant, type PlannedCall } from './model-account.js';
import { UsageRepository } from './usage.repository.js';

/** Books every call in the ledger and refuses none. */
@Injectable()
export class LedgerAccount extends ModelAccount {
  private readonly open = new Map<string, PlannedCall>();

  constructor(
    private readonly changes: RunChanges,
    private readonly usage: UsageRepository,
  ) {
    super();
  }

  override reserve(call: PlannedCall): Promise<Grant> {
    const callId = v7();
    this.open.set(callId, call);
    return Promise.resolve({ kind: 'granted', callId });
  }

  override async settle(callId: string, used: TokenCounts): Promise<void> {
    const call = this.open.get(callId);
    if (call === undefined) return;
    this.open.delete(callId);
    const { place, provider, model } = call;
    await this.changes.change(place.runId, SYSTEM, async (change, tx) => {
      await this.usage.record(tx, place, [{ provider, model, ...used, reportedCostUsd: null }]);
      change.events.push({
        type: 'usage.recorded',
        ...{ phase: place.phase, step: place.step, attempt: change.attempt?.number ?? null },
        data: { calls: 1 },
      });
    });
  }

  override release(callId: string): Promise<void> {
    this.open.delete(callId);
    return Promise.resolve();
  }
}
