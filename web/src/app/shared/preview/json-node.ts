import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

/** Children beyond this many are opened in further portions. */
const PORTION = 100;

/** One value of a JSON tree; objects and lists fold. */
@Component({
  selector: 'o-json-node',
  template: `
    @if (entries(); as children) {
      <button type="button" class="fold" [attr.aria-expanded]="open()" (click)="open.set(!open())">
        <span class="arrow" aria-hidden="true">{{ open() ? '▾' : '▸' }}</span>
        @if (label() !== null) {
          <span class="key">{{ label() }}:</span>
        }
        <span class="muted">{{ summary() }}</span>
      </button>
      @if (open()) {
        <div class="children">
          @for (child of children.slice(0, shown()); track child.key) {
            <o-json-node [label]="child.key" [value]="child.value" [depth]="depth() + 1" />
          }
          @if (children.length > shown()) {
            <button type="button" class="fold" (click)="showMore()">
              {{ children.length - shown() }} more…
            </button>
          }
        </div>
      }
    } @else {
      <div class="leaf">
        @if (label() !== null) {
          <span class="key">{{ label() }}:</span>
        }
        <span [class]="kind()">{{ text() }}</span>
      </div>
    }
  `,
  styleUrl: './json-node.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class JsonNode {
  readonly value = input.required<unknown>();
  readonly label = input<string | null>(null);
  readonly depth = input.required<number>();

  protected readonly shown = linkedSignal({ source: this.value, computation: () => PORTION });
  protected readonly entries = computed(() => entriesOf(this.value()));
  protected readonly open = linkedSignal(() => this.depth() < 2 && (this.entries()?.length ?? 0) <= PORTION);
  protected readonly kind = computed(() => (this.value() === null ? 'null' : typeof this.value()));
  protected readonly text = computed(() => JSON.stringify(this.value()));
  protected readonly summary = computed(() => {
    const count = this.entries()?.length ?? 0;
    return Array.isArray(this.value()) ? `[ ${String(count)} ]` : `{ ${String(count)} }`;
  });

  protected showMore(): void {
    this.shown.update((count) => count + PORTION);
  }
}

function entriesOf(value: unknown): readonly Entry[] | null {
  if (Array.isArray(value)) return value.map((item: unknown, index) => ({ key: String(index), value: item }));
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).map(([key, item]: [string, unknown]) => ({ key, value: item }));
}
