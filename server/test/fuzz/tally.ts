/** What one caller may always be told, whatever the operation. */
const UNREACHED = new Set([401, 403, 404, 429]);

/** Counts answers by operation and status. */
export class Tally {
  private readonly counts = new Map<string, Map<number, number>>();

  add(operationId: string, status: number): void {
    const statuses = this.counts.get(operationId) ?? new Map<number, number>();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.counts.set(operationId, statuses);
  }

  /** Answers that were a success or a redirect. */
  successes(operationId: string): number {
    const statuses = this.counts.get(operationId) ?? new Map<number, number>();
    return [...statuses].reduce((sum, [status, count]) => sum + (status < 400 ? count : 0), 0);
  }

  /** Whether it was tried, and never with success. */
  failsAlways(operationId: string): boolean {
    return this.counts.has(operationId) && this.successes(operationId) === 0;
  }

  /** Operations that were never reached behind the refusals that every route knows. */
  unreached(operationIds: readonly string[]): string[] {
    return operationIds.filter((id) =>
      [...(this.counts.get(id)?.keys() ?? [])].every((status) => UNREACHED.has(status)),
    );
  }

  /** A line for each status, and one for each operation, the ones with the fewest successes first. */
  table(): string {
    const all = new Map<number, number>();
    for (const statuses of this.counts.values())
      for (const [status, count] of statuses) all.set(status, (all.get(status) ?? 0) + count);
    const operations = [...this.counts].sort(([a], [b]) => this.successes(a) - this.successes(b));
    return [
      ...sorted(all).map(([status, count]) => `  ${String(status)}  ${String(count)}`),
      ...operations.map(([id, statuses]) => `  ${id}: ${line(statuses)}`),
    ].join('\n');
  }
}

const sorted = (statuses: ReadonlyMap<number, number>): [number, number][] =>
  [...statuses].sort(([a], [b]) => a - b);

const line = (statuses: ReadonlyMap<number, number>): string =>
  sorted(statuses)
    .map(([status, count]) => `${String(status)} × ${String(count)}`)
    .join(', ');
