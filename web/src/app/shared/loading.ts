import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** Says that something is loading, but only after 200 ms, so that quick answers do not flicker. */
@Component({
  selector: 'o-loading',
  template: `<span class="spinner" aria-hidden="true"></span>{{ label() }}`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--o-2);
      padding: var(--o-6);
      color: var(--o-text-3);
      animation: appear 0s 200ms both;
    }
    .spinner {
      width: 16px;
      height: 16px;
      border: 2px solid var(--o-border);
      border-top-color: var(--o-accent);
      border-radius: 50%;
      animation: turn 0.8s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
    @keyframes appear {
      from {
        visibility: hidden;
      }
      to {
        visibility: visible;
      }
    }
  `,
  host: { role: 'status' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Loading {
  readonly label = input('Loading…');
}
