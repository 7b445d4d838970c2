import { Injectable } from '@angular/core';
import type { RunFilters } from '../run-filters';
import type { RunPage } from '../run-models';

/** A list as somebody left it. */
interface LeftList {
  readonly filters: RunFilters;
  readonly page: RunPage;
  /** How far it was scrolled, pixels. */
  readonly top: number;
}

/** The list that was left last, so that going back to it shows it at once, in the place where it was. */
@Injectable({ providedIn: 'root' })
export class LastList {
  private left: LeftList | null = null;

  leave(list: LeftList): void {
    this.left = list;
  }

  /** What was left of this very list, or null. */
  of(filters: RunFilters): LeftList | null {
    return JSON.stringify(this.left?.filters) === JSON.stringify(filters) ? this.left : null;
  }

  forget(): void {
    this.left = null;
  }
}
