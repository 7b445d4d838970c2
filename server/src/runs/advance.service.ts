import { Injectable } from '@nestjs/common';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { GateResultsRepository } from '../governance/gate-results.repository.js';
import { RunSignals } from '../live/run-signals.js';
import { RunWatch } from '../live/run-watch.js';
import { DomainError, forbidden } from '../problems/domain-error.js';
import { userActor } from './actor.js';
import { activeAttempt } from './domain/change.js';
import { judgeAgain, waivePhase } from './domain/finish-phase.js';
import { decideNext } from './domain/next.js';
import { isActive } from './domain/phase-status.js';
import type { WaiverRequest } from './domain/run-state.js';
import { startPhase } from './domain/start-phase.js';
import type { AdvanceRunDto, AdvanceRunResponseDto } from './dto/advance.dto.js';
import { presentGate } from './present-phase.js';
import { undecidedSteps } from './judged-content.js';
import { RunChanges } from './run-changes.js';
import { RunReadsRepository, type AttemptFacts } from './run-reads.repository.js';
import type { RunEntity } from './run.entity.js';

/** How `next` ended within its wait. */
export type AdvanceAnswer =
  | { readonly kind: 'advanced'; readonly body: AdvanceRunResponseDto }
  | { readonly kind: 'executing'; readonly body: AdvanceRunResponseDto };

interface Begun {
  /** Current when the call came. */
  readonly phase: string;
  /** What was started: a later phase where the current one does not apply. */
  readonly started: string;
  /** null where nothing is executed: the phase was waived, or every phase left was skipped. */
  readonly attempt: number | null;
}

/** Executes the current phase of a run and advances it. */
@Injectable()
export class AdvanceService {
  constructor(
    private readonly changes: RunChanges,
    private readonly reads: RunReadsRepository,
    private readonly gates: GateResultsRepository,
    private readonly signals: RunSignals,
  ) {}

  /**
   * Starts the current phase and waits for it, at most `waitMs` milliseconds. The work goes on either way.
   * @throws DomainError 409 `phase_in_progress`, `run_paused`, `run_finished`, `approval_required`,
   *   `governance_blocked`, `phase_failed`, `budget_exceeded`; 403 where a gate blocks and the caller may not waive it
   */
  async next(run: RunEntity, asked: AdvanceRunDto, by: Principal, waitMs: number): Promise<AdvanceAnswer> {
    const skip = asked.skip_validation ?? false;
    const waiver = skip && principalAllows(by, 'runs:waive') ? waiverOf(asked, by) : null;
    const begun = await this.begin(run.id, skip, waiver, by);
    return this.answer(run.id, begun, waitMs, skip && waiver === null);
  }

  private begin(runId: string, skip: boolean, waiver: WaiverRequest | null, by: Principal): Promise<Begun> {
    return this.changes.change(runId, userActor(by), async (change, tx) => {
      const phase = change.run.currentPhase;
      const decision = decideNext(change, skip);
      switch (decision.kind) {
        case 'refuse':
          throw new DomainError(409, decision.code, decision.detail);
        case 'judge_again':
          judgeAgain(change, waiver, await undecidedSteps(tx, change));
          return { phase, started: phase, attempt: activeAttempt(change).number };
        case 'start':
          startPhase(change, { waiver });
          return { phase, started: change.run.currentPhase, attempt: change.attempt?.number ?? null };
        case 'waive': {
          if (waiver === null) throw mayNotWaive();
          const gates = await this.gates.waiveBlocked(tx, activeAttempt(change).id, waiver, change.now);
          waivePhase(change, gates, waiver);
          return { phase, started: phase, attempt: null };
        }
      }
    });
  }

  private async answer(
    runId: string,
    begun: Begun,
    waitMs: number,
    wantedToWaive: boolean,
  ): Promise<AdvanceAnswer> {
    const facts = await this.settled(runId, begun, waitMs);
    const body = {
      run_id: runId,
      previous_phase: begun.phase,
      current_phase: facts.run.currentPhase,
      status: facts.run.status,
    };
    if (facts.attempt !== null) {
      const { status } = facts.attempt;
      if (status === 'failed') throw await this.failed(facts, wantedToWaive);
      if (status === 'cancelled') throw new DomainError(409, 'run_finished', 'The run was cancelled.');
      if (isActive(status)) {
        return { kind: 'executing', body: { ...body, message: `Executing ${facts.attempt.phase}` } };
      }
    }
    return { kind: 'advanced', body: { ...body, message: advancedMessage(begun.phase, facts.run) } };
  }

  /** What became of the attempt once it ended or the wait did. */
  private async settled(runId: string, begun: Begun, waitMs: number): Promise<AttemptFacts> {
    const deadline = Date.now() + waitMs;
    const changes = new RunWatch(this.signals, runId);
    try {
      for (;;) {
        const facts = await this.reads.attempt(runId, begun.started, begun.attempt);
        const left = deadline - Date.now();
        if (facts.attempt?.status !== 'in_progress' || left <= 0) return facts;
        await changes.next(left);
      }
    } finally {
      changes.stop();
    }
  }

  private async failed(facts: AttemptFacts, wantedToWaive: boolean): Promise<DomainError> {
    const { attempt } = facts;
    const failure = attempt?.error ?? null;
    const message = failure?.message ?? 'The phase failed.';
    if (attempt === null || failure?.code !== 'governance_blocked') {
      const code = failure?.code === 'budget_exceeded' ? 'budget_exceeded' : 'phase_failed';
      return new DomainError(409, code, message, { failure });
    }
    if (wantedToWaive) return mayNotWaive();
    const gates = await this.gates.ofAttempt(attempt.id);
    const blocked = gates.filter((gate) => gate.status === 'blocked').map(presentGate);
    return new DomainError(409, 'governance_blocked', message, { gates: blocked, failure });
  }
}

const waiverOf = (asked: AdvanceRunDto, by: Principal): WaiverRequest => ({
  by: { id: by.userId, name: by.name },
  reason: asked.reason ?? null,
});

const mayNotWaive = (): DomainError =>
  forbidden(
    'A gate blocks, and waiving it needs the permission runs:waive. The state was saved; nothing was waived.',
  );

const advancedMessage = (previous: string, run: Pick<RunEntity, 'status' | 'currentPhase'>): string =>
  run.status === 'completed'
    ? `Completed ${previous}; the run is complete`
    : `Advanced from ${previous} to ${run.currentPhase}`;
