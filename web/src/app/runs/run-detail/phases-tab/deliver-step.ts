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
import { MatButton } from '@angular/material/button';
import { LucideX } from '@lucide/angular';
import { concat, type Observable } from 'rxjs';
import { Drafts } from '../../../shared/drafts';
import { FileDrop } from '../../../shared/file-drop';
import { BytesPipe } from '../../../shared/format/bytes';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import type { StepInfo } from '../../run-models';
import { RunControl } from '../../run-control';
import { RunStore } from '../run-store';

interface Delivery {
  readonly path: string;
  readonly text: string;
  readonly summary: string;
}

const EMPTY: Delivery = { path: '', text: '', summary: '' };

/** Delivers what an agent would: files, a written document and a summary; then completes the step. */
@Component({
  selector: 'o-deliver-step',
  imports: [BytesPipe, FileDrop, LucideX, MatButton, ProblemBanner],
  templateUrl: './deliver-step.html',
  styleUrl: './deliver-step.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DeliverStep {
  readonly runId = input.required<string>();
  readonly phase = input.required<string>();
  readonly step = input.required<StepInfo>();

  private readonly control = inject(RunControl);
  private readonly drafts = inject(Drafts);
  protected readonly store = inject(RunStore);
  private readonly key = computed(() => `deliver.${this.runId()}.${this.phase()}.${this.step().step}`);
  /** The first document that the step should deliver. */
  protected readonly suggested = computed(
    () => this.step().deliverables.find(({ path }) => /^[^*?{]+\.md$/.test(path))?.path ?? '',
  );
  protected readonly draft = linkedSignal(() =>
    this.drafts.read(this.key(), { ...EMPTY, path: untracked(this.suggested) }),
  );
  protected readonly files = signal<readonly File[]>([]);
  protected readonly error = signal<unknown>(null);
  protected readonly named = computed(
    () => this.draft().text.trim() === '' || this.draft().path.trim() !== '',
  );
  protected readonly ready = computed(
    () =>
      this.named() &&
      (this.files().length > 0 || this.draft().text.trim() !== '' || this.draft().summary !== ''),
  );

  constructor() {
    effect(() => {
      this.drafts.write(this.key(), this.draft());
    });
  }

  protected write(key: keyof Delivery, event: Event): void {
    const target = event.target;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const value = target.value;
    this.draft.update((draft) => ({ ...draft, [key]: value }));
  }

  protected add(files: readonly File[]): void {
    this.files.update((known) => [
      ...known.filter((file) => !files.some(({ name }) => name === file.name)),
      ...files,
    ]);
  }

  protected remove(file: File): void {
    this.files.update((files) => files.filter((other) => other !== file));
  }

  protected async complete(): Promise<void> {
    const done = await this.store.act(concat(...this.requests()));
    this.error.set(this.store.actionError());
    this.store.actionError.set(null);
    if (!done) return;
    this.files.set([]);
    this.draft.set({ ...EMPTY, path: this.suggested() });
    this.drafts.clear(this.key());
  }

  private requests(): Observable<unknown>[] {
    const { path, text, summary } = this.draft();
    const place = { runId: this.runId(), phase: this.phase(), step: this.step().step };
    const uploads = this.files().map((file) => this.control.deliver(place, file.name, file));
    if (text.trim() !== '') {
      uploads.push(this.control.deliver(place, path.trim(), new Blob([text], { type: 'text/markdown' })));
    }
    return [...uploads, this.control.completeStep(place, summary.trim() || null)];
  }
}
