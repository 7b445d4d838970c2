import { EXIT, type ExitCode } from '../api/cli-error.js';
import type { RunDetailDto } from '../api/generated/types.gen.js';
import { plain } from '../output/printable.js';

/** How a run stands for somebody who waits for it. */
export interface RunOutcome {
  readonly exitCode: ExitCode;
  /** A sentence for a person. */
  readonly sentence: string;
}

/** What the run came to, or where it stops for a person; null while it goes on by itself. */
export function outcomeOf(run: RunDetailDto): RunOutcome | null {
  switch (run.status) {
    case 'completed':
      return { exitCode: EXIT.completed, sentence: 'The run is complete.' };
    case 'failed':
      return failed(run);
    case 'cancelled':
      return { exitCode: EXIT.other, sentence: 'The run was cancelled.' };
    case 'paused':
      return { exitCode: EXIT.person, sentence: 'The run is paused: resume it to go on.' };
    case 'running':
      return person(run);
  }
}

function failed(run: RunDetailDto): RunOutcome {
  const code = run.failure?.code;
  const reason = plain(run.failure?.message ?? 'No reason was given.');
  return code === 'governance_blocked'
    ? { exitCode: EXIT.blocked, sentence: `Blocked by a gate: ${reason}` }
    : { exitCode: EXIT.failed, sentence: `Failed: ${reason}` };
}

function person(run: RunDetailDto): RunOutcome | null {
  switch (run.waiting_on?.kind) {
    case 'advance':
    case 'approval':
    case 'agent':
    case 'budget':
      return { exitCode: EXIT.person, sentence: `Waits for a person: ${plain(run.waiting_on.detail)}` };
    // A worker may come by itself.
    case 'worker':
    case 'phase':
    case 'retry':
    case undefined:
      return null;
  }
}
