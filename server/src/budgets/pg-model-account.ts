import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { costOf, worstCostOf, type TokenCounts } from '../agents/domain/price.js';
import { ModelAccount, type Grant, type PlannedCall } from '../agents/model-account.js';
import { PriceList } from '../agents/price-list.js';
import { ownerOf, UsageRepository, type LedgerEntry } from '../agents/usage.repository.js';
import { DomainError, notFound } from '../problems/domain-error.js';
import { SYSTEM, type Actor, type Change } from '../runs/domain/change.js';
import { RunChanges } from '../runs/run-changes.js';
import { BudgetAccounts } from './budget-accounts.js';
import { noteStop } from './budget-stops.js';
import { refusalOf } from './domain/budget.js';
import type { ModelCallEntity } from './model-call.entity.js';
import { ModelCallsRepository } from './model-calls.repository.js';
import { runLines } from './run-lines.js';

/**
 * The account on PostgreSQL. Each move is one short transaction that locks the run, then its budgets, so that calls
 * that are made at once anywhere are checked one after the other.
 */
@Injectable()
export class PgModelAccount implements ModelAccount {
  constructor(
    private readonly changes: RunChanges,
    private readonly budgets: BudgetAccounts,
    private readonly calls: ModelCallsRepository,
    private readonly usage: UsageRepository,
    private readonly prices: PriceList,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws DomainError 404 where the run is gone */
  reserve(call: PlannedCall): Promise<Grant> {
    const { place, provider, model } = call;
    return this.changes.change<Grant>(place.runId, SYSTEM, async (change, tx) => {
      const price = await this.prices.find(tx, provider, model);
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.worstCase;
      const worst = {
        price,
        costUsd: price === null ? null : worstCostOf(call.worstCase, price),
        tokens: inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
      };
      const owner = ownerOf(change);
      const scope = { ...owner, ...place };
      const lines = [...(await runLines(tx, change, place.phase)), ...(await this.budgets.lock(tx, scope))];
      for (const line of lines) {
        const message = refusalOf(line, worst);
        if (message === null) continue;
        await noteStop(tx, change, { place, budget: line.budget, message });
        return { kind: 'refused', message };
      }
      const callId = await this.calls.insert(tx, call, owner, worst);
      await this.budgets.reserve(tx, scope, worst, 1);
      return { kind: 'granted', callId };
    });
  }

  /** @throws DomainError 404 where there is no such call */
  async settle(callId: string, used: TokenCounts, by: Actor = SYSTEM): Promise<void> {
    await this.withCall(callId, by, async (tx, call, change) => {
      if (call.state === 'settled') return;
      await this.giveBack(tx, call, 'settled');
      const place = placeOf(call);
      const entry = entryOf(call, used);
      if (change === null) await this.usage.insert(tx, place, call, [entry]);
      else await this.usage.book(tx, change, place, [entry]);
    });
  }

  /** @throws DomainError 404 where there is no such call */
  async release(callId: string, by: Actor = SYSTEM): Promise<void> {
    await this.withCall(callId, by, async (tx, call) => {
      if (isOpen(call)) await this.giveBack(tx, call, 'released');
    });
  }

  /**
   * Says by hand what a call came to: what it used, or null where it was never made.
   * @throws DomainError 404 where there is no such call, 409 `call_not_unknown` where its outcome is known or awaited
   */
  async decide(callId: string, used: TokenCounts | null, by: Actor): Promise<void> {
    const call = await this.calls.find(callId);
    if (call === null) throw notFound('Call', callId);
    if (call.state !== 'unknown') throw notUnknown(call);
    await (used === null ? this.release(callId, by) : this.settle(callId, used, by));
  }

  /** Marks a call whose maker has ended. Its worst case stays reserved. */
  async giveUp(callId: string): Promise<void> {
    await this.withCall(callId, SYSTEM, async (tx, call, change) => {
      if (call.state !== 'reserved') return;
      await this.calls.end(tx, call.id, 'unknown');
      change?.events.push({
        type: 'usage.unknown',
        ...{ phase: call.phase, step: call.step, attempt: null },
        data: {
          ...{ call_id: call.id, provider: call.provider, model: call.model },
          ...{ reserved_usd: call.reservedUsd, reserved_tokens: call.reservedTokens },
        },
      });
    });
  }

  private async giveBack(
    tx: EntityManager,
    call: ModelCallEntity,
    state: 'settled' | 'released',
  ): Promise<void> {
    await this.budgets.lock(tx, call);
    if (isOpen(call)) {
      await this.budgets.reserve(tx, call, { costUsd: call.reservedUsd, tokens: call.reservedTokens }, -1);
    }
    await this.calls.end(tx, call.id, state);
  }

  /** Works on the call under the locks of its run and itself; the run may have been erased. */
  private async withCall(
    callId: string,
    by: Actor,
    work: (tx: EntityManager, call: ModelCallEntity, change: Change | null) => Promise<void>,
  ): Promise<void> {
    const found = await this.calls.find(callId);
    if (found === null) throw notFound('Call', callId);
    const locked = async (tx: EntityManager, change: Change | null): Promise<void> => {
      const call = await this.calls.findLocked(tx, callId);
      if (call !== null) await work(tx, call, change);
    };
    try {
      await this.changes.change(found.runId, by, (change, tx) => locked(tx, change));
    } catch (error) {
      if (!(error instanceof DomainError) || error.status !== 404) throw error;
      await this.dataSource.transaction((tx) => locked(tx, null));
    }
  }
}

const isOpen = ({ state }: ModelCallEntity): boolean => state === 'reserved' || state === 'unknown';

const placeOf = ({ runId, phaseAttemptId, phase, step, agentId, at }: ModelCallEntity) => ({
  ...{ runId, phaseAttemptId, phase, step, agentId },
  // The period it was reserved in.
  at,
});

function entryOf({ id, provider, model, price }: ModelCallEntity, used: TokenCounts): LedgerEntry {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = used;
  const tokens = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
  return { id, provider, model, ...tokens, price, costUsd: price === null ? null : costOf(tokens, price) };
}

const notUnknown = ({ state }: ModelCallEntity): DomainError =>
  new DomainError(
    409,
    'call_not_unknown',
    state === 'reserved'
      ? 'The call is being made; it is settled when it ends.'
      : `The call is ${state}; nothing is left to decide.`,
  );
