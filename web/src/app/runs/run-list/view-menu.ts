import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { Params } from '@angular/router';
import { LucideBookmark, LucideCheck } from '@lucide/angular';
import { Questions } from '../../shared/dialogs/questions';
import { SavedViews } from './saved-views';

/** Goes to a saved view of the list, saves the one on screen, or removes it. */
@Component({
  selector: 'o-view-menu',
  imports: [LucideBookmark, LucideCheck, MatButton, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    <button matButton="outlined" type="button" [matMenuTriggerFor]="menu">
      <svg lucideBookmark aria-hidden="true"></svg>{{ current()?.name ?? 'Views' }}
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @for (view of views.all(); track view.name) {
        <button mat-menu-item type="button" (click)="opened.emit(view.query)">
          <span class="row">
            <span class="grow">{{ view.name }}</span>
            @if (view === current()) {
              <svg lucideCheck aria-hidden="true"></svg><span class="visually-hidden">shown</span>
            }
          </span>
        </button>
      } @empty {
        <p class="inside muted small">No view is saved yet.</p>
      }
      @if (current(); as view) {
        <button mat-menu-item type="button" (click)="views.remove(view.name)">
          Remove “{{ view.name }}”
        </button>
      } @else {
        <button mat-menu-item type="button" [disabled]="!worthSaving()" (click)="save()">
          Save this view…
        </button>
      }
    </mat-menu>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ViewMenu {
  /** What the list's address says now. */
  readonly query = input.required<Params>();
  readonly opened = output<Params>();
  private readonly questions = inject(Questions);
  protected readonly views = inject(SavedViews);
  protected readonly current = computed(
    () => this.views.all().find((view) => same(view.query, this.query())) ?? null,
  );
  protected readonly worthSaving = computed(() => Object.keys(given(this.query())).length > 0);

  protected async save(): Promise<void> {
    const query = given(this.query());
    const answer = await this.questions.ask({
      title: 'Save this view',
      text: 'Filters and order of the list, under a name. It is kept in this browser.',
      label: 'Name',
      required: true,
      confirm: 'Save the view',
    });
    if (answer !== undefined) this.views.save({ name: answer.text.slice(0, 60), query });
  }
}

/** Without what is not set, and without the page. */
const given = (query: Params): Params =>
  Object.fromEntries(
    Object.entries(query).filter(([key, value]) => value !== null && value !== undefined && key !== 'offset'),
  );

const same = (a: Params, b: Params): boolean => {
  const text = (query: Params): string => JSON.stringify(Object.entries(given(query)).sort());
  return text(a) === text(b);
};
