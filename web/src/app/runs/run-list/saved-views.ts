import { computed, inject, Injectable, signal } from '@angular/core';
import type { Params } from '@angular/router';
import { Session } from '../../auth/session';

/** A narrowed and ordered list under a name. */
export interface SavedView {
  readonly name: string;
  /** The address's query, as the list writes it. */
  readonly query: Params;
}

const PREFIX = 'orchestrator.views.';
const MOST = 30;

/** The views that somebody has named, kept in this browser apart for each person. */
@Injectable({ providedIn: 'root' })
export class SavedViews {
  private readonly session = inject(Session);
  private readonly written = signal(0);
  private readonly key = computed(() => PREFIX + (this.session.user()?.user_id ?? ''));

  /** By name. */
  readonly all = computed<readonly SavedView[]>(() => {
    this.written();
    return read(localStorage.getItem(this.key()));
  });

  /** The same name takes the place of the view before; beyond thirty the oldest is dropped. */
  save(view: SavedView): void {
    this.write([...this.all().filter(({ name }) => name !== view.name), view].slice(-MOST));
  }

  remove(name: string): void {
    this.write(this.all().filter((view) => view.name !== name));
  }

  private write(views: readonly SavedView[]): void {
    localStorage.setItem(this.key(), JSON.stringify(views));
    this.written.update((times) => times + 1);
  }
}

function read(text: string | null): SavedView[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isView) : [];
  } catch {
    // Written by something else: as good as no views.
    return [];
  }
}

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'query' in value &&
  typeof value.query === 'object' &&
  value.query !== null;
