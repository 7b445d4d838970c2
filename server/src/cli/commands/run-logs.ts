import type { Command } from 'commander';
import type { ApiClient, Request } from '../api/api-client.js';
import { streamEvents } from '../api/event-stream.js';
import { EXIT } from '../api/cli-error.js';
import type { LogLineDto, LogPageDto } from '../api/generated/types.gen.js';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { findRun } from '../find-run.js';
import { logText } from '../output/printable.js';
import { followRun } from '../watch/follow-run.js';
import { outcomeOf } from '../watch/run-outcome.js';
import { whole } from './options.js';

interface LogOptions {
  readonly phase?: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly follow?: boolean;
  readonly timestamps?: boolean;
}

type Query = NonNullable<Request<'readLogs'>['query']>;
type Print = (line: LogLineDto) => void;

const PAGE = 5000;

/** `logs`. */
export function addLogsCommand(parent: Command, cli: Cli): void {
  parent
    .command('logs')
    .summary('print what the steps of a run printed')
    .argument('<run>', 'id, short id or project name')
    .option('--phase <name>', 'only this phase')
    .option('--step <id>', 'only this step')
    .option('--attempt <n>', 'only this attempt of the phase', whole(1, 1e6))
    .option('-t, --timestamps', 'with the time of each line')
    .option('-f, --follow', 'go on until the run ends or waits for a person')
    .action((run: string, options: LogOptions) => logs(cli, run, options));
}

async function logs(cli: Cli, name: string, options: LogOptions): Promise<void> {
  const api = await cli.connect();
  const runId = await findRun(api, name);
  const query = given({ phase: options.phase, step: options.step, attempt: options.attempt });
  const print = printer(cli, options);
  if (options.follow === true) await follow(cli, api, runId, query, print);
  else await printFrom(api, runId, query, 0, print);
}

function printer(cli: Cli, options: LogOptions): Print {
  if (cli.json) return (line) => cli.out.jsonLine(line);
  return ({ at, phase, step, stream, text }) => {
    const time = options.timestamps === true ? `${cli.out.style('dim', at)} ` : '';
    const place = options.step === undefined ? `${cli.out.style('dim', `${phase}/${step}`)} ` : '';
    const line = logText(text, cli.out.colours);
    cli.out.line(time + place + (stream === 'system' ? cli.out.style('yellow', line) : line));
  };
}

/** Prints what is stored behind a position; returns the last position. */
async function printFrom(
  api: ApiClient,
  runId: string,
  query: Query,
  after: number,
  print: Print,
): Promise<number> {
  let last = after;
  for (;;) {
    const page = await api.call('readLogs', {
      path: { run_id: runId },
      query: { ...query, after: last, limit: PAGE },
    });
    page.lines.forEach(print);
    last = page.lines.at(-1)?.position ?? last;
    if (page.next_after === null) return last;
  }
}

async function follow(cli: Cli, api: ApiClient, runId: string, query: Query, print: Print): Promise<void> {
  const person = new AbortController();
  const interrupt = (): void => person.abort();
  process.once('SIGINT', interrupt);
  const settled = new AbortController();
  const signal = AbortSignal.any([person.signal, settled.signal]);
  const ended = untilSettled(api, runId, person.signal).finally(() => settled.abort());
  try {
    const last = await stream(cli, api, { runId, query, signal }, print);
    await ended;
    if (person.signal.aborted) cli.exitCode = EXIT.interrupted;
    // What was stored between the last message of the stream and the end of the run.
    else await printFrom(api, runId, query, last, print);
  } finally {
    person.abort();
    process.removeListener('SIGINT', interrupt);
    await ended.catch(() => undefined);
  }
}

async function stream(
  cli: Cli,
  api: ApiClient,
  { runId, query, signal }: { readonly runId: string; readonly query: Query; readonly signal: AbortSignal },
  print: Print,
): Promise<number> {
  let last = 0;
  const onConnection = (state: 'lost' | 'back'): void =>
    cli.out.remark(
      state === 'lost' ? 'The connection to the server is lost; trying again …' : 'The server is back.',
    );
  for await (const message of streamEvents(
    api,
    'readLogs',
    { path: { run_id: runId }, query },
    { signal, onConnection },
  )) {
    for (const line of (message as Pick<LogPageDto, 'lines'>).lines) {
      print(line);
      last = line.position;
    }
  }
  return last;
}

async function untilSettled(api: ApiClient, runId: string, signal: AbortSignal): Promise<void> {
  const nothing = (): void => undefined;
  for await (const run of followRun(api, runId, { signal, onEvent: nothing, onConnection: nothing })) {
    if (outcomeOf(run) !== null) return;
  }
}
