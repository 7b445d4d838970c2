import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatOption, MatSelect } from '@angular/material/select';
import { LucideListFilter, LucideSearch, LucideX } from '@lucide/angular';
import { ProfilesGateway } from '../../profiles/profiles-gateway';
import { statusLook } from '../../shared/status/status-look';
import type { RunFilters } from '../run-filters';
import { RUN_STATUSES, type RunStatus, WAITING_KINDS, type WaitingKind } from '../run-models';
import { WAITING_LABELS } from '../waiting-words';

/** Everything the list can be narrowed by. It holds nothing: what it shows is what the address says. */
@Component({
  selector: 'o-run-filter-bar',
  imports: [LucideListFilter, LucideSearch, LucideX, MatButton, MatFormField, MatLabel, MatOption, MatSelect],
  templateUrl: './run-filter-bar.html',
  styleUrl: './run-filter-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunFilterBar {
  readonly filters = input.required<RunFilters>();
  readonly filtered = input(false);
  readonly narrow = output<Partial<RunFilters>>();
  readonly clear = output();

  private readonly profiles = inject(ProfilesGateway);
  protected readonly statuses = RUN_STATUSES.map((status) => ({ status, label: statusLook(status).label }));
  protected readonly waitings = WAITING_KINDS.map((kind) => ({ kind, label: WAITING_LABELS[kind] }));
  private readonly known = rxResource({ stream: () => this.profiles.list() });
  protected readonly profileNames = computed(() => {
    const known = this.known.hasValue() ? this.known.value() : [];
    return [...new Set([...known.map((profile) => profile.name), ...this.filters().profile])].sort();
  });
  private readonly rareInUse = computed(() => {
    const filters = this.filters();
    return (
      [filters.owner, filters.createdAfter, filters.createdBefore, filters.minCostUsd, filters.metadata].some(
        (value) => value !== '',
      ) ||
      filters.archived ||
      filters.shared
    );
  });
  /** Opens by itself when the address already uses one of the rarer filters. */
  protected readonly open = linkedSignal(() => this.rareInUse());

  protected setStatus(status: readonly RunStatus[]): void {
    this.narrow.emit({ status });
  }

  protected setProfile(profile: readonly string[]): void {
    this.narrow.emit({ profile });
  }

  protected setWaiting(waitingOn: WaitingKind | ''): void {
    this.narrow.emit({ waitingOn });
  }

  protected setText(
    key: 'q' | 'owner' | 'createdAfter' | 'createdBefore' | 'minCostUsd' | 'metadata',
    event: Event,
  ): void {
    const value = event.target instanceof HTMLInputElement ? event.target.value.trim() : '';
    if (value !== this.filters()[key]) this.narrow.emit({ [key]: value });
  }

  protected setArchived(event: Event): void {
    this.narrow.emit({ archived: event.target instanceof HTMLInputElement && event.target.checked });
  }

  protected setShared(event: Event): void {
    this.narrow.emit({ shared: event.target instanceof HTMLInputElement && event.target.checked });
  }
}
