import type { PhaseInfoDto, PhaseStatus, RunDetailDto } from '../api/generated/types.gen.js';
import { duration, money, secondsSince } from '../output/figures.js';
import type { Output } from '../output/output.js';
import { plain } from '../output/printable.js';
import { shortId, status, symbol, waiting } from '../output/run-words.js';

/** Shows a run while it moves. */
export interface ProgressView {
  show(run: RunDetailDto): void;
  end(): void;
}

/** On a terminal a picture that is drawn anew, elsewhere a line for every change. */
export const progressView = (out: Output): ProgressView =>
  out.isTerminal ? new DrawnProgress(out) : new PrintedProgress(out);

const TICK_MS = 1000;

class DrawnProgress implements ProgressView {
  private lines = 0;
  private run: RunDetailDto | null = null;
  private readonly timer = setInterval(() => this.draw(), TICK_MS);

  constructor(private readonly out: Output) {}

  show(run: RunDetailDto): void {
    this.run = run;
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
  }

  private draw(): void {
    if (this.run === null) return;
    const lines = picture(this.out, this.run, Date.now());
    this.out.redraw(lines, this.lines);
    this.lines = lines.length;
  }
}

/** The lines of the picture, none wider than the terminal. */
function picture(out: Output, run: RunDetailDto, now: number): string[] {
  const name = out.style('bold', cut(plain(run.project_name), 40));
  const head = `${name}  ${shortId(run.run_id)}  ${status(out, run.status)}  ${elapsed(run, now)}  ${money(run.cost_usd)}`;
  const width = Math.max(...run.phases.map(({ phase }) => phase.length));
  const phases = run.phases.map(
    (phase) =>
      `${symbol(out, phase.status)} ${phase.phase.padEnd(width)}  ${cut(doing(phase, now), out.columns - width - 6)}`,
  );
  const awaited = waiting(run);
  return [head, ...phases, ...(awaited === null ? [] : [out.style('dim', cut(awaited, out.columns - 1))])];
}

function doing(phase: PhaseInfoDto, now: number): string {
  const steps = phase.steps.filter(({ status: state }) => state === 'running').map(({ step }) => step);
  switch (phase.status) {
    case 'pending':
      return '';
    case 'in_progress': {
      const since = phase.started_at === null ? '' : duration(secondsSince(phase.started_at, now));
      return [since, steps.join(', ')].filter((part) => part !== '').join('  ');
    }
    case 'failed':
      return [duration(phase.duration_seconds), plain(phase.error?.message ?? '')].join('  ');
    default:
      return phase.duration_seconds === null
        ? phase.status.replaceAll('_', ' ')
        : duration(phase.duration_seconds);
  }
}

const elapsed = (run: RunDetailDto, now: number): string =>
  run.completed_at === null
    ? duration(secondsSince(run.created_at, now))
    : duration(secondsSince(run.created_at, Date.parse(run.completed_at)));

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

class PrintedProgress implements ProgressView {
  private readonly known = new Map<string, PhaseStatus>();
  private awaited: string | null = null;

  constructor(private readonly out: Output) {}

  show(run: RunDetailDto): void {
    for (const phase of run.phases) {
      const before = this.known.get(phase.phase) ?? 'pending';
      this.known.set(phase.phase, phase.status);
      if (before !== phase.status) this.print(phase, run);
    }
    const awaited = run.waiting_on?.kind === 'phase' ? null : waiting(run);
    if (awaited !== null && awaited !== this.awaited) this.out.line(`  waits on ${awaited}`);
    this.awaited = awaited;
  }

  end(): void {
    this.known.clear();
  }

  private print(phase: PhaseInfoDto, run: RunDetailDto): void {
    const time = phase.duration_seconds === null ? '' : ` (${duration(phase.duration_seconds)})`;
    const words = phase.status.replaceAll('_', ' ');
    this.out.line(
      `${symbol(this.out, phase.status)} ${phase.phase} ${words}${time}, ${elapsed(run, Date.now())} in all, ${money(run.cost_usd)}`,
    );
  }
}
