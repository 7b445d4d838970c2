import { booleanAttribute, ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import { LucideUpload } from '@lucide/angular';

/** Files by drop or by choosing. */
@Component({
  selector: 'o-file-drop',
  imports: [LucideUpload],
  template: `<label
    [class.over]="over()"
    (dragover)="hover($event)"
    (dragleave)="over.set(false)"
    (drop)="drop($event)"
  >
    <svg lucideUpload aria-hidden="true"></svg>
    <span>{{ label() }}</span>
    <input type="file" [multiple]="multiple()" [accept]="accept()" (change)="pick($event)" />
  </label>`,
  styles: `
    label {
      position: relative;
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--o-2);
      min-height: 44px;
      padding: var(--o-2) var(--o-4);
      border: 1px dashed var(--o-border-strong);
      border-radius: var(--o-radius);
      color: var(--o-text-2);
      cursor: pointer;
    }
    label:hover,
    .over {
      border-color: var(--o-accent);
      background: var(--o-accent-soft);
    }
    label:focus-within {
      outline: 2px solid var(--o-focus);
      outline-offset: 2px;
    }
    input {
      position: absolute;
      inset: 0;
      opacity: 0;
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FileDrop {
  readonly label = input.required<string>();
  readonly accept = input('');
  readonly multiple = input(false, { transform: booleanAttribute });
  readonly picked = output<readonly File[]>();
  protected readonly over = signal(false);

  protected hover(event: DragEvent): void {
    event.preventDefault();
    this.over.set(true);
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    this.emit([...(event.dataTransfer?.files ?? [])]);
  }

  protected pick(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.emit([...(event.target.files ?? [])]);
    // The same file may be chosen again after it was removed.
    event.target.value = '';
  }

  private emit(files: readonly File[]): void {
    if (files.length > 0) this.picked.emit(this.multiple() ? files : files.slice(0, 1));
  }
}
