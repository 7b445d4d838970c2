import type { ModelAccount, PlannedCall } from '../../../agents/model-account.js';
import type { StepContext } from '../executor.js';
import type { AgentDesk, AgentSeat } from './desk.js';
import type { Transcript } from './transcript.js';
import type { WorkTime } from './work-time.js';

export interface GrantPlace {
  readonly context: Pick<StepContext, 'runId' | 'stepAttemptId' | 'log'>;
  readonly seat: AgentSeat;
  readonly time: WorkTime;
  readonly transcript: Transcript;
}

/** Asks for room in the budgets before each call, and waits for it with the step's time standing still. */
export class CallGrants {
  constructor(
    private readonly account: ModelAccount,
    private readonly desk: AgentDesk,
    private readonly place: GrantPlace,
    /** Milliseconds between two questions. */
    private readonly pollMs: number,
  ) {}

  /**
   * Waits until the run goes on and a budget pays for the call.
   * @returns the id of the reservation; null where the step was aborted meanwhile
   */
  async granted(call: Omit<PlannedCall, 'place'>): Promise<string | null> {
    const { context, seat, time } = this.place;
    const { runId, stepAttemptId } = context;
    let held: string | null = null;
    try {
      for (;;) {
        while (!time.signal.aborted && (await this.desk.isPaused(runId))) {
          time.stand();
          await this.desk.untilChanged(runId, this.pollMs, time.signal);
        }
        if (time.signal.aborted) return null;
        const grant = await this.account.reserve({ ...call, place: { ...seat.place, at: new Date() } });
        if (grant.kind === 'granted') return grant.callId;
        // Whoever changes a limit lets the step go before it is known to suffice.
        await this.desk.hold(stepAttemptId, grant.message);
        if (held === null) this.tell(grant.message);
        held = grant.message;
        time.stand();
        await this.desk.untilChanged(runId, this.pollMs, time.signal);
      }
    } finally {
      time.go();
      if (held !== null && !time.signal.aborted) await this.desk.hold(stepAttemptId, null);
    }
  }

  private tell(message: string): void {
    this.place.transcript.add({ type: 'waiting', message });
    this.place.context.log.write('system', `${message}\n`);
  }
}
