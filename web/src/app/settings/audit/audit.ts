import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { formatCount } from '../../shared/format/count';
import { RelativeTime } from '../../shared/format/relative-time';
import { Loading } from '../../shared/loading';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type AuditEntry, type AuditFilters, SettingsGateway } from '../settings-gateway';

const words = (value: string | undefined): string => value ?? '';
const RESULTS = ['done', 'refused', 'failed', 'unknown'] as const;

/** Who did what, when, from where, and whether the list is as it was written. */
@Component({
  selector: 'o-audit',
  imports: [EmptyState, Loading, MatButton, ProblemBanner, RelativeTime],
  templateUrl: './audit.html',
  styleUrls: ['../api-keys/api-keys.scss', './audit.scss'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Audit {
  private readonly gateway = inject(SettingsGateway);
  private readonly router = inject(Router);
  protected readonly results = RESULTS;
  /** What the entries are narrowed to; in the address, so that it can be shared. */
  readonly actor = input('', { transform: words });
  readonly action = input('', { transform: words });
  readonly target = input('', { transform: words });
  readonly result = input<AuditFilters['result'], string | undefined>('', {
    transform: (value) => RESULTS.find((result) => result === value) ?? '',
  });
  private readonly filters = computed<AuditFilters>(() => ({
    actor: this.actor(),
    action: this.action(),
    target: this.target(),
    result: this.result(),
  }));
  private readonly before = linkedSignal<AuditFilters, number | null>({
    source: this.filters,
    computation: () => null,
  });
  protected readonly page = rxResource({
    params: () => ({ filters: this.filters(), before: this.before() }),
    stream: ({ params }) => this.gateway.audit(params.filters, params.before),
  });
  protected readonly entries = signal<readonly AuditEntry[]>([]);
  protected readonly next = computed(() => (this.page.hasValue() ? this.page.value().next_before : null));
  protected readonly verdict = signal<string | null>(null);
  protected readonly error = signal<unknown>(null);
  protected readonly csvUrl = computed(() => this.gateway.auditExportUrl(this.filters()));

  constructor() {
    effect(() => {
      if (!this.page.hasValue()) return;
      const { entries } = this.page.value();
      const more = untracked(this.before) !== null;
      this.entries.update((known) => (more ? [...known, ...entries] : entries));
    });
  }

  protected narrow(name: keyof AuditFilters, event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    void this.router.navigate([], {
      queryParams: { [name]: target.value.trim() || null },
      queryParamsHandling: 'merge',
      replaceUrl: true,
    });
  }

  protected older(): void {
    this.before.set(this.next());
  }

  protected async verify(): Promise<void> {
    this.error.set(null);
    try {
      const { intact, entries, broken_at: broken } = await firstValueFrom(this.gateway.verifyAudit());
      this.verdict.set(
        intact
          ? `All ${formatCount(entries)} entries are as they were written.`
          : `Entry ${String(broken)} was changed, or what stood before it is gone.`,
      );
    } catch (error) {
      this.error.set(error);
    }
  }
}
