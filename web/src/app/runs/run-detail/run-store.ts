import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { lastValueFrom, type Observable } from 'rxjs';
import { Session } from '../../auth/session';
import { keepLast } from '../../shared/keep-last';
import { reloadSoon } from '../../shared/reload-soon';
import { legalActions } from '../legal-actions';
import { RunFeed } from '../run-feed';
import type { RunDetail } from '../run-models';
import { RunsGateway } from '../runs-gateway';

/** The run that a page shows, kept fresh while it can still change; shared by the page's tabs. */
@Injectable()
export class RunStore {
  private readonly gateway = inject(RunsGateway);
  private readonly session = inject(Session);
  readonly runId = signal('');

  private readonly resource = rxResource({
    params: () => this.runId() || undefined,
    stream: ({ params }) => this.gateway.get(params),
  });
  private readonly last = keepLast(this.resource);

  readonly run = computed<RunDetail | undefined>(() => {
    const last = this.last();
    return last?.run_id === this.runId() ? last : undefined;
  });
  /** Changes exactly when the run changes: parts that are read separately are read again then. */
  readonly revision = computed(() => this.run()?.updated_at ?? null);
  readonly error = this.resource.error;
  readonly loading = this.resource.isLoading;
  readonly actions = computed(() => {
    const run = this.run();
    return run === undefined ? [] : legalActions(run, this.session.user());
  });
  readonly moving = computed(() => {
    const status = this.run()?.status;
    return status !== undefined && status !== 'completed' && status !== 'cancelled';
  });

  /** Whether an action is on its way, and what the last one failed with. */
  readonly busy = signal(false);
  readonly actionError = signal<unknown>(null);

  constructor() {
    inject(RunFeed).follow(
      () => (this.moving() ? { kind: 'run', runId: this.runId() } : null),
      reloadSoon(this.resource),
    );
  }

  reload(): void {
    this.resource.reload();
  }

  /**
   * Sends an action, to its last request, shows what it failed with, and reads the run again. Answers whether it went well.
   * @param then `gone`: after it there is no run to read
   */
  async act(action: Observable<unknown>, then: 'changed' | 'gone' = 'changed'): Promise<boolean> {
    this.busy.set(true);
    this.actionError.set(null);
    try {
      await lastValueFrom(action, { defaultValue: null });
      if (then === 'changed') this.reload();
      return true;
    } catch (error) {
      this.actionError.set(error);
      this.reload();
      return false;
    } finally {
      this.busy.set(false);
    }
  }

  /** Calls `reload` whenever the run changed after the first reading. Must be called in an injection context. */
  onChange(reload: () => void): void {
    let known = untracked(this.revision);
    effect(() => {
      const revision = this.revision();
      if (revision === known) return;
      const first = known === null;
      known = revision;
      if (!first) untracked(reload);
    });
  }
}
