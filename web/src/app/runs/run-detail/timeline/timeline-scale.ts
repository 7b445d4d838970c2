/** A stretch of time, milliseconds since the epoch; `from` ≤ `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  /** Where it stands on the axis, 0–1. */
  readonly place: number;
}

/** Maps moments onto an axis from 0 to 1. */
export interface TimeScale {
  readonly place: (at: number) => number;
  readonly ticks: readonly Tick[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICK_SIZES = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((size) => size * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((size) => size * MINUTE),
  ...[1, 2, 3, 6, 12].map((size) => size * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((size) => size * DAY),
];
const TICKS = 7;
/** A gap shorter than this share of the whole is not worth a mark. */
const SHOWN_GAP = 0.02;
/** What a shortened gap takes, as a share of the time that is not in gaps. */
const SHORT_GAP = 0.08;
/** Ticks that stand nearer than this would print over each other. */
const TICK_DISTANCE = 0.07;

/** Where nothing was busy within the whole; gaps too short to be seen are left out. */
export function gapsBetween(busy: readonly Stretch[], whole: Stretch): Stretch[] {
  const least = Math.max((whole.to - whole.from) * SHOWN_GAP, SECOND);
  const gaps: Stretch[] = [];
  let known = whole.from;
  for (const { from, to } of [...busy].sort((a, b) => a.from - b.from)) {
    if (from - known >= least) gaps.push({ from: known, to: from });
    known = Math.max(known, to);
  }
  if (whole.to - known >= least) gaps.push({ from: known, to: whole.to });
  return gaps;
}

export const lengthOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/**
 * The axis of a time: even, or with its gaps shortened so that what happened beside a long wait can still be seen.
 * @param gaps in order, without overlap
 */
export function timeScale(whole: Stretch, gaps: readonly Stretch[], shorten: boolean): TimeScale {
  const spoken = Math.max(whole.to - whole.from - lengthOf(gaps), SECOND);
  const longest = shorten ? spoken * SHORT_GAP : Infinity;
  const pieces = piecesOf(whole, gaps).map((piece) => ({
    ...piece,
    size: piece.gap ? Math.min(piece.to - piece.from, longest) : piece.to - piece.from,
  }));
  const total = Math.max(
    pieces.reduce((sum, { size }) => sum + size, 0),
    1,
  );
  const place = (at: number): number => {
    let before = 0;
    for (const { from, to, size } of pieces) {
      if (at < to) return Math.max(before + (size * (at - from)) / Math.max(to - from, 1), 0) / total;
      before += size;
    }
    return 1;
  };
  const even = pieces.filter((piece) => !shorten || !piece.gap);
  return { place, ticks: ticksOf(even, total, place) };
}

function piecesOf(whole: Stretch, gaps: readonly Stretch[]): (Stretch & { readonly gap: boolean })[] {
  const pieces: (Stretch & { readonly gap: boolean })[] = [];
  let known = whole.from;
  for (const gap of gaps) {
    if (gap.from > known) pieces.push({ from: known, to: gap.from, gap: false });
    pieces.push({ ...gap, gap: true });
    known = gap.to;
  }
  if (whole.to > known) pieces.push({ from: known, to: whole.to, gap: false });
  return pieces;
}

function ticksOf(pieces: readonly Stretch[], total: number, place: (at: number) => number): Tick[] {
  const size = TICK_SIZES.find((step) => total / step <= TICKS) ?? total / TICKS;
  const ticks: Tick[] = [];
  for (const { from, to } of pieces) {
    for (let at = Math.ceil(from / size) * size; at <= to; at += size) {
      const tick = { at, place: place(at) };
      const last = ticks.at(-1);
      if (last === undefined || tick.place - last.place >= TICK_DISTANCE) ticks.push(tick);
    }
  }
  return ticks.filter((tick) => tick.place <= 1 - TICK_DISTANCE);
}
