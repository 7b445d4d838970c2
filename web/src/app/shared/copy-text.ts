import { Clipboard } from '@angular/cdk/clipboard';
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { LucideCheck, LucideCopy } from '@lucide/angular';

const SHOWN_MS = 1500;

/** A text in fixed width that one click copies. */
@Component({
  selector: 'o-copy',
  imports: [LucideCheck, LucideCopy],
  template: `<button type="button" [attr.aria-label]="'Copy ' + what()" [title]="text()" (click)="copy()">
    <span class="mono">{{ label() || text() }}</span>
    @if (copied()) {
      <svg lucideCheck size="13" aria-hidden="true"></svg>
    } @else {
      <svg lucideCopy size="13" aria-hidden="true"></svg>
    }
    <span class="said" role="status">{{ copied() ? 'Copied' : '' }}</span>
  </button>`,
  styles: `
    button {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--o-text-2);
      cursor: pointer;
    }
    button:hover {
      color: var(--o-text);
    }
    .said {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CopyText {
  readonly text = input.required<string>();
  readonly label = input('');
  readonly what = input('the text');
  private readonly clipboard = inject(Clipboard);
  protected readonly copied = signal(false);

  protected copy(): void {
    if (!this.clipboard.copy(this.text())) return;
    this.copied.set(true);
    setTimeout(() => {
      this.copied.set(false);
    }, SHOWN_MS);
  }
}
