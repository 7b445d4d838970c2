import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { LucideDynamicIcon, LucideListTree, LucidePlay, LucideSearch } from '@lucide/angular';
import { forkJoin, map, of, switchMap, timer } from 'rxjs';
import { NO_FILTERS } from '../../runs/run-filters';
import type { RunSummary } from '../../runs/run-models';
import { RunsGateway } from '../../runs/runs-gateway';
import { shortId } from '../../shared/format/short-id';
import { keepLast } from '../../shared/keep-last';
import { statusLook } from '../../shared/status/status-look';
import { PaletteCommands } from './palette-commands';
import { matchItems, matchPhases, type PaletteItem, paletteQuery } from './palette-items';

/** Runs are asked for once nobody has typed for this long, milliseconds. */
const TYPED_MS = 120;
const RUNS = 8;
const GROUPS = ['Runs', 'Pages', 'Do'] as const;

/** Jumps to a run, a phase or a page, or does something, by a few typed letters. */
@Component({
  selector: 'o-palette',
  imports: [LucideDynamicIcon, LucideSearch],
  templateUrl: './palette.html',
  styleUrl: './palette.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Palette {
  private readonly dialog = inject<MatDialogRef<Palette>>(MatDialogRef);
  private readonly router = inject(Router);
  private readonly gateway = inject(RunsGateway);
  private readonly commands = inject(PaletteCommands).all();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly text = signal('');
  protected readonly found = rxResource({
    params: () => paletteQuery(this.text()),
    stream: ({ params: { whole, phase } }) =>
      timer(whole === '' ? 0 : TYPED_MS).pipe(
        switchMap(() =>
          forkJoin([
            this.runs(whole),
            phase === null ? of([]) : this.runs(phase.run).pipe(map((runs) => matchPhases(runs, phase.word))),
          ]),
        ),
        map(([runs, phases]) => [
          ...phases.slice(0, RUNS).map(({ run, phase, label }) => this.phaseItem(run, phase, label)),
          ...runs.map((run) => this.runItem(run)),
        ]),
      ),
  });
  private readonly last = keepLast(this.found);
  protected readonly items = computed(() => {
    const all = [...(this.last() ?? []), ...matchItems(this.commands, this.text())];
    return GROUPS.flatMap((group) => all.filter((item) => item.group === group));
  });
  protected readonly groups = computed(() => {
    const entries = this.items().map((item, index) => ({ item, index }));
    return GROUPS.map((name) => ({ name, items: entries.filter(({ item }) => item.group === name) })).filter(
      ({ items }) => items.length > 0,
    );
  });
  protected readonly active = linkedSignal<unknown, number>({ source: this.text, computation: () => 0 });
  protected readonly current = computed(() => this.items()[this.active()]);

  constructor() {
    afterRenderEffect(() => {
      const option = this.host.nativeElement.querySelector<HTMLElement>(`#palette-${String(this.active())}`);
      // Where nothing is laid out there is nothing to scroll.
      if (typeof option?.scrollIntoView === 'function') option.scrollIntoView({ block: 'nearest' });
    });
  }

  protected type(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.text.set(event.target.value);
  }

  protected key(event: KeyboardEvent): void {
    const count = this.items().length;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && count > 0) {
      event.preventDefault();
      this.active.update((active) => (active + step + count) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const item = this.current();
      if (item !== undefined) this.choose(item);
    }
  }

  protected choose(item: PaletteItem): void {
    this.dialog.close();
    item.go();
  }

  private runs(text: string) {
    return this.gateway.list({ ...NO_FILTERS, q: text }, RUNS).pipe(map((page) => page.runs));
  }

  private runItem(run: RunSummary): PaletteItem {
    const { run_id: id, project_name: label, profile, status } = run;
    return {
      ...{ id, group: 'Runs' as const, label, icon: LucidePlay, words: '' },
      detail: `${statusLook(status).label} · ${profile} · ${shortId(id)}`,
      go: () => this.router.navigate(['/runs', id]),
    };
  }

  private phaseItem(run: RunSummary, phase: string, label: string): PaletteItem {
    const { run_id: id, project_name: name } = run;
    return {
      ...{ id: `${id}/${phase}`, group: 'Runs' as const, icon: LucideListTree, words: '' },
      label: `${name}, ${label}`,
      detail: `phase · ${shortId(id)}`,
      go: () => this.router.navigate(['/runs', id, 'phases'], { queryParams: { phase } }),
    };
  }
}
