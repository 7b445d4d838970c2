import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { FileDiff } from './diff-rows';

/** Lines that a file shows at first, and with each further click. */
const PORTION = 400;
/** With more files than this only their names stand there at first. */
const OPEN_FILES = 20;

/** One file of a comparison; folds, and shows long ones in portions. */
@Component({
  selector: 'o-file-diff',
  imports: [MatButton],
  templateUrl: './file-diff.html',
  styleUrl: './file-diff.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FileDiffView {
  readonly file = input.required<FileDiff>();
  readonly split = input.required<boolean>();
  readonly opened = input.required<boolean>();
  protected readonly open = linkedSignal(() => this.opened());
  private readonly limit = linkedSignal({ source: this.file, computation: () => PORTION });
  protected readonly rows = computed(() => this.file().rows.slice(0, this.limit()));
  protected readonly left = computed(() => this.file().rows.length - this.rows().length);

  protected showMore(): void {
    this.limit.update((limit) => limit + PORTION);
  }
}

/** What changed, file by file: lines beside each other, or one above the other. */
@Component({
  selector: 'o-diff',
  imports: [FileDiffView],
  template: `
    <div class="bar">
      <span class="muted small" role="status">
        {{ files().length === 1 ? '1 file' : files().length + ' files' }},
        <span class="added">+{{ added() }}</span
        >&ngsp;<span class="removed">−{{ removed() }}</span>
      </span>
      <label>
        <input type="checkbox" [checked]="split()" (change)="split.set(!split())" />
        Side by side
      </label>
    </div>
    @for (file of files(); track $index) {
      <o-file-diff [file]="file" [split]="split()" [opened]="files().length <= openFiles" />
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--o-3);
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--o-3);
    }
    label {
      display: flex;
      align-items: center;
      gap: 6px;
      font-size: var(--o-text-s);
    }
    .added {
      color: var(--o-ok);
    }
    .removed {
      color: var(--o-bad);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DiffView {
  readonly files = input.required<readonly FileDiff[]>();
  protected readonly split = signal(true);
  protected readonly openFiles = OPEN_FILES;
  protected readonly added = computed(() => this.files().reduce((sum, file) => sum + file.added, 0));
  protected readonly removed = computed(() => this.files().reduce((sum, file) => sum + file.removed, 0));
}
