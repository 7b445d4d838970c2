import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../api/api-client.js';
import { EXIT, type ExitCode } from '../api/cli-error.js';
import type { RunDetailDto } from '../api/generated/types.gen.js';
import type { Cli } from '../cli.js';
import { shortId } from '../output/run-words.js';
import { followRun, readRun } from './follow-run.js';
import { outcomeOf, type RunOutcome } from './run-outcome.js';
import { progressView, type ProgressView } from './progress-view.js';

export type Waited =
  | { readonly kind: 'settled'; readonly run: RunDetailDto; readonly outcome: RunOutcome }
  /** The person no longer waits; the run goes on. */
  | { readonly kind: 'interrupted' };

interface WaitOptions {
  readonly onEvent: (event: unknown) => void;
  /** When there is nothing to wait for any more. */
  readonly until: (run: RunDetailDto) => RunOutcome | null;
}

/** Waits until the run is settled, with its progress on the screen where a person looks on. */
export async function waitForRun(
  cli: Cli,
  api: ApiClient,
  runId: string,
  { onEvent = () => undefined, until = outcomeOf }: Partial<WaitOptions> = {},
): Promise<Waited> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const view = cli.json ? null : progressView(cli.out);
  try {
    const onConnection = (state: 'lost' | 'back'): void => cli.out.remark(CONNECTION[state]);
    for await (const run of followRun(api, runId, { signal: stop.signal, onEvent, onConnection })) {
      const outcome = see(run, view, until);
      const settled = outcome !== null && (await lasts(api, run, stop.signal));
      if (settled) return { kind: 'settled', run, outcome };
    }
  } finally {
    view?.end();
    process.removeListener('SIGINT', interrupt);
  }
  return { kind: 'interrupted' };
}

/** A step for an agent waits for a moment also where a model will take it up. */
const TAKEN_UP_WITHIN_MS = 5000;

/** Whether the run stays as it is until a person acts. */
async function lasts(api: ApiClient, run: RunDetailDto, signal: AbortSignal): Promise<boolean> {
  if (run.waiting_on?.kind !== 'agent') return true;
  await pause(TAKEN_UP_WITHIN_MS, undefined, { signal }).catch(() => undefined);
  const later = await readRun(api, run.run_id, signal);
  return later?.waiting_on?.kind === 'agent' && later.waiting_on.since === run.waiting_on.since;
}

const CONNECTION = {
  lost: 'The connection to the server is lost; trying again …',
  back: 'The server is back.',
} as const;

function see(run: RunDetailDto, view: ProgressView | null, until: WaitOptions['until']): RunOutcome | null {
  view?.show(run);
  return until(run);
}

/** Says how the waiting ended, and gives the exit code for it. */
export function concluded(cli: Cli, runId: string, waited: Waited): ExitCode {
  if (waited.kind === 'interrupted') {
    cli.out.remark(
      `The run goes on. See it again with \`orchestrator watch ${shortId(runId)}\`, end it with \`orchestrator cancel ${shortId(runId)}\`.`,
    );
    return EXIT.interrupted;
  }
  const { outcome } = waited;
  if (!cli.json) cli.out.line(outcome.sentence);
  return outcome.exitCode;
}
