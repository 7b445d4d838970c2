import { isRetryable } from '../domain/retry.js';
import type { StepFailure, StepOutcome, StepReport } from './executor.js';
import type { ProcessEnd } from './step-process.js';

/** Why a step's signal was aborted; given as the reason of `AbortController.abort`. */
export type AbortReason = 'cancelled' | 'lease_lost' | 'shutdown';

export const EMPTY_REPORT: StepReport = {
  artifacts: [],
  measurements: [],
  usage: [],
  summary: null,
  warnings: [],
};

/** A failure that comes from no exit code. */
export const failure = (code: string, message: string): StepFailure => ({
  code,
  message,
  retryable: isRetryable(code, null),
  exitCode: null,
  signal: null,
});

export const failed = (code: string, message: string, report: StepReport): StepOutcome => ({
  kind: 'failed',
  failure: failure(code, message),
  report,
});

/** What an aborted step came to: handed back on shutdown, otherwise failed with what it had produced. */
export function aborted(signal: AbortSignal, report: StepReport): StepOutcome {
  switch (abortReason(signal)) {
    case 'shutdown':
      return { kind: 'handed_back' };
    case 'lease_lost':
      return failed('lost', 'The worker lost its lease on the step', report);
    case 'cancelled':
      return failed('cancelled', 'The step was cancelled', report);
  }
}

/** The failure that a process's end stands for; null for exit code 0, and for an abort, which has its own outcome. */
export function failureOf(end: ProcessEnd, timeoutMs: number): StepFailure | null {
  switch (end.kind) {
    case 'aborted':
      return null;
    case 'exited':
      return end.exitCode === 0 ? null : exitFailure(end.exitCode);
    case 'signalled':
      return { ...failure('signal', `The command was ended by ${end.signal}`), signal: end.signal };
    case 'timeout':
      return failure('timeout', `The command did not end within ${timeoutMs / 1000} s and was ended`);
    case 'not_started':
      return startFailure(end.errno);
  }
}

const exitFailure = (exitCode: number): StepFailure => ({
  code: 'exit_code',
  message: `The command ended with exit code ${exitCode}`,
  retryable: isRetryable('exit_code', exitCode),
  exitCode,
  signal: null,
});

function startFailure(errno: string): StepFailure {
  switch (errno) {
    case 'EAGAIN':
    case 'ENOMEM':
    case 'EMFILE':
    case 'ENFILE':
      return failure('resources', `The machine has no resources left for another process (${errno})`);
    case 'ENOENT':
      return failure('spawn', 'The command was not found on this machine');
    case 'EACCES':
      return failure('spawn', 'The command is not executable');
    default:
      return failure('spawn', `The command could not be started (${errno})`);
  }
}

function abortReason(signal: AbortSignal): AbortReason {
  const reason: unknown = signal.reason instanceof Error ? signal.reason.message : signal.reason;
  return reason === 'shutdown' || reason === 'lease_lost' ? reason : 'cancelled';
}
