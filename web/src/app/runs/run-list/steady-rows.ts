import type { RunPage, RunSummary } from '../run-models';

/** What a list shows: rows that stay where they are while what they tell is renewed. */
export interface SteadyRows {
  readonly runs: readonly RunSummary[];
  /** How many runs the newest answer has that are not shown. */
  readonly fresh: number;
  /** Ids of shown runs that the newest answer has no more: what they tell may be old. */
  readonly gone: ReadonlySet<string>;
}

/** The rows as the server orders them. */
export const asAnswered = ({ runs }: RunPage): SteadyRows => ({ runs, fresh: 0, gone: new Set() });

/** Renews rows in their places: none moves, comes or goes under somebody's pointer. */
export function keepPlaces(shown: SteadyRows, newest: RunPage): SteadyRows {
  if (shown.runs.length === 0) return asAnswered(newest);
  const known = new Map(newest.runs.map((run) => [run.run_id, run]));
  const ids = new Set(shown.runs.map(({ run_id: id }) => id));
  return {
    runs: shown.runs.map((run) => known.get(run.run_id) ?? run),
    fresh: newest.runs.filter(({ run_id: id }) => !ids.has(id)).length,
    gone: new Set([...ids].filter((id) => !known.has(id))),
  };
}

/** What the button says that shows the rows anew; null where they are as the server orders them. */
export function renewal({ fresh, gone }: SteadyRows): string | null {
  if (fresh > 0) return fresh === 1 ? '1 new run' : `${String(fresh)} new runs`;
  return gone.size > 0 ? 'Renew the list' : null;
}
